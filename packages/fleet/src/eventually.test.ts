import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('gives the first result that is there', async () => {
    const results = [undefined, null, false, 0];
    expect(await eventually(() => results.shift(), { intervalMs: 1 })).toBe(0);
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const probe = () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
      return tries;
    };
    expect(await eventually(probe, { intervalMs: 1 })).toBe(3);
  });

  it('says what was waited for, and why it did not come true', async () => {
    const probe = () => Promise.reject(new Error('3 of 5 are open'));
    await expect(eventually(probe, { timeoutMs: 50, intervalMs: 5, message: 'All are open' })).rejects.toThrow(
      'All are open: not within 0.05 s (3 of 5 are open)',
    );
  });

  it('does not hang with its probe', async () => {
    await expect(eventually(() => new Promise(() => {}), { timeoutMs: 50 })).rejects.toThrow('The probe hung');
  });

  it('ends early by its signal', async () => {
    const signal = AbortSignal.abort(new Error('the process is gone'));
    await expect(eventually(() => false, { signal })).rejects.toThrow('the process is gone');
  });
});
