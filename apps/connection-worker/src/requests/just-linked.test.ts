import { expect, test } from 'vitest';
import type { RequestContext } from './handler.ts';
import { nameTold, withAppStateKey } from './just-linked.ts';

/** As much of an open socket as is looked at: what the phone has told so far. */
function justLinked(signal = new AbortController().signal) {
  const creds: { me: { id: string; name?: string }; myAppStateKeyId?: string } = { me: { id: 'a' } };
  return { creds, context: { sock: { authState: { creds } }, signal } as unknown as RequestContext };
}

test('what needs the key of what devices share is done when it has come', async () => {
  const { creds, context } = justLinked();
  setTimeout(() => {
    creds.myAppStateKeyId = 'key';
  }, 50);
  const work = async () => {
    if (!creds.myAppStateKeyId) throw new Error('App state key not present!');
    return 'done';
  };
  expect(await withAppStateKey(context, work)).toBe('done');
});

test('any other refusal is told at once, and tried once', async () => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    throw new Error('forbidden');
  };
  await expect(withAppStateKey(justLinked().context, work)).rejects.toThrow('forbidden');
  expect(tries).toBe(1);
});

test('a name is waited for, but not for longer than the connection', async () => {
  const { creds, context } = justLinked();
  setTimeout(() => {
    creds.me.name = 'Ann';
  }, 50);
  expect(await nameTold(context)).toBe(true);
  expect(await nameTold(justLinked(AbortSignal.abort()).context)).toBe(false);
});
