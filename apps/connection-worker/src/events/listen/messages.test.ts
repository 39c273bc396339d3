import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createHistoryWriter, defaultBounds, readStoredMessage } from '@flotilla/history';
import { readEvents } from '@flotilla/instance';
import { claim, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { createLogger } from '@flotilla/service';
import { eventually, redisTest } from '@flotilla/testkit';
import { proto, type WAMessage, type WASocket } from '@whiskeysockets/baileys';
import { describe, expect } from 'vitest';
import { InstanceStore } from '../../instance-store.ts';
import { createChangeQueue } from '../change-queue.ts';
import { createReceiver } from '../receiver.ts';
import { createTold } from '../told.ts';
import { listenToMessages } from './messages.ts';

const instance = 'ins_a';
const ann = '200@s.whatsapp.net';
const me = () => ({ jid: '100:3@s.whatsapp.net', lid: '900:3@lid' });
const log = createLogger({ name: 'test', level: 'silent' });
const resendMs = 200;

/** What listens to a socket, without one: what Baileys reports is emitted by the test. */
async function listening(redis: Redis) {
  const { epoch } = await claim(redis, instance, { incarnation: 'w', expected: await readOwnership(redis, instance) });
  const history = createHistoryWriter({ redis, instance, bounds: defaultBounds });
  const store = new InstanceStore({
    redis,
    queues: { nudgeRelay: () => Promise.resolve() },
    fence: { instance, owner: 'w', epoch },
    tenant: 'ten_a',
    onFenced: () => {},
    history,
  });
  const queue = createChangeQueue({ store, log, mayWrite: () => true, onFull: () => {} });
  const ended = new AbortController();
  const receiver = createReceiver({
    history,
    settings: {},
    me,
    fetches: () => false,
    sentContent: () => Promise.resolve(undefined),
    votes: () => Promise.resolve([]),
    expectFile: () => [],
    log,
  });
  const stored = () => {};
  const ev = new EventEmitter();
  const sock = { ev } as unknown as WASocket;
  const told = createTold(redis, instance);
  const settings = {};
  const { signal } = ended;
  const listener = listenToMessages(
    { sock, instance, settings, redis, history, receiver, stored, queue, told, me, signal, log },
    resendMs,
  );
  const report = (message: WAMessage, more: object = {}) =>
    ev.emit('messages.upsert', { messages: [message], type: 'notify', ...more });
  const messages = async () =>
    (await readEvents(redis, instance, 0, 100)).flatMap(({ data }) => ('message' in data ? [data.message] : []));
  return { report, messages, listener, ended, queue };
}

const undecrypted = (id: string): WAMessage => ({
  key: { id, remoteJid: ann, fromMe: false },
  messageTimestamp: Math.floor(Date.now() / 1_000),
  messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT,
});

describe('a message that cannot be decrypted', () => {
  redisTest('is told if nobody encrypts it again, and gives way to what comes later', async ({ redis }) => {
    const { report, messages } = await listening(redis);
    report(undecrypted('A1'));
    report(undecrypted('A1')); // each try is reported
    await eventually(async () => (await messages()).length === 1);
    expect(await messages()).toMatchObject([{ id: 'A1', chat: ann, kind: 'unreadable', sender: { phone: '200' } }]);
    report({ ...undecrypted('A1'), message: { conversation: 'from the phone' } }, { requestId: 'R' });
    await eventually(async () => (await messages()).length === 2);
    expect((await messages())[1]).toMatchObject({ id: 'A1', kind: 'text', text: 'from the phone' });
    expect(await readStoredMessage(redis, instance, 'A1')).toMatchObject({ kind: 'text', text: 'from the phone' });
  });

  redisTest('makes no event of its own if it becomes readable in time', async ({ redis }) => {
    const { report, messages, listener, queue } = await listening(redis);
    report(undecrypted('A1'));
    listener.arrived(ann, 'A1');
    await delay(resendMs * 3);
    await queue.drain(1_000);
    expect(await messages()).toEqual([]);
  });

  redisTest('waits for the next socket if this one ends', async ({ redis }) => {
    const { report, messages, ended, queue } = await listening(redis);
    report(undecrypted('A1'));
    ended.abort();
    await delay(resendMs * 3);
    await queue.drain(1_000);
    expect(await messages()).toEqual([]);
  });

  redisTest('is told at once if only the phone may show it', async ({ redis }) => {
    const { report, messages } = await listening(redis);
    const key = { id: 'A1', remoteJid: ann, fromMe: false, isViewOnce: true };
    report({ key, messageTimestamp: 5 });
    await eventually(async () => (await messages()).length === 1);
    expect((await messages())[0]).toMatchObject({ kind: 'unreadable', viewOnce: true });
  });
});
