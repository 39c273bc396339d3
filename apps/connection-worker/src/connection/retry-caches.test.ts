import makeWASocket, { initAuthCreds, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';
import { afterEach, expect, it } from 'vitest';
import { trimRetryCaches } from './retry-caches.ts';
import { silentLogger } from './silent-logger.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A socket of the installed Baileys that finds nobody to talk to. */
function socket() {
  const keys = { get: async <T extends keyof SignalDataTypeMap>() => ({}) as Record<string, SignalDataTypeMap[T]> };
  const sock = makeWASocket({
    auth: { creds: initAuthCreds(), keys: { ...keys, set: async () => {} } },
    waWebSocketUrl: 'ws://127.0.0.1:1/',
    logger: silentLogger,
  });
  ends.push(async () => sock.end(undefined));
  const { messageRetryManager: manager } = sock;
  if (!manager) throw new Error('Baileys has made no retry manager');
  return { sock, manager };
}

const text = (n: number) => proto.Message.create({ conversation: `Text ${n}` });

it('finds in the installed Baileys the caches that it replaces, and they work as before', () => {
  const { sock, manager } = socket();
  trimRetryCaches(sock);
  for (let n = 1; n <= 600; n += 1) manager.addRecentMessage('chat@s.whatsapp.net', `ID${n}`, text(n));
  expect(manager.getRecentMessage('chat@s.whatsapp.net', 'ID600')?.message.conversation).toBe('Text 600');
  expect(manager.getRecentMessage('chat@s.whatsapp.net', 'ID89')?.message.conversation).toBe('Text 89');
  expect(manager.getRecentMessage('chat@s.whatsapp.net', 'ID88')).toBeUndefined();
  // An answered retry forgets the message, by its id alone.
  manager.markRetrySuccess('ID600');
  expect(manager.getRecentMessage('chat@s.whatsapp.net', 'ID600')).toBeUndefined();

  manager.saveBaseKey('contact', 'ID1', Buffer.from('key'));
  expect(manager.hasSameBaseKey('contact', 'ID1', Buffer.from('key'))).toBe(true);
  expect(manager.hasSameBaseKey('contact', 'ID1', Buffer.from('other'))).toBe(false);
  for (let n = 0; n < 1_024; n += 1) manager.saveBaseKey('other', `ID${n}`, Buffer.from('key'));
  expect(manager.hasSameBaseKey('contact', 'ID1', Buffer.from('key'))).toBe(false);
  manager.clear();
});

it('refuses caches that are in use, and those that it does not know', () => {
  const { sock, manager } = socket();
  manager.addRecentMessage('chat@s.whatsapp.net', 'ID1', text(1));
  expect(() => trimRetryCaches(sock)).toThrow('7.0.0-rc14');
  manager.clear();
});
