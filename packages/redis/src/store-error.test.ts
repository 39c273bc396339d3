import { describe, expect, it } from 'vitest';
import { isStoreError } from './store-error.ts';

describe('a store error', () => {
  it('is one of the client or the server, also as the cause of another', () => {
    const away = new Error("Stream isn't writeable and enableOfflineQueue options is false");
    expect(isStoreError(away)).toBe(true);
    expect(isStoreError(new Error('The auth state could not be read', { cause: away }))).toBe(true);
    expect(isStoreError(new Error('OOM command not allowed'))).toBe(true);
  });

  it('is nothing else', () => {
    expect(isStoreError(new Error('The key cannot be opened', { cause: new Error('bad tag') }))).toBe(false);
    expect(isStoreError('LOADING')).toBe(false);
  });
});
