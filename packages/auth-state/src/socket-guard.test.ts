import { once } from 'node:events';
import makeWASocket, { type WASocket } from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openRedis, redisStore, type TestStore } from '../test/redis-store.ts';
import { silentLogger } from '../test/silent-logger.ts';
import { type AuthState, createAuthState } from './auth-state.ts';
import { createKeyCache } from './key-cache.ts';
import { makeSignalRepository } from './signal-repository.ts';
import { guardSocket, type Refusal } from './socket-guard.ts';

let redis: Redis;
let closeRedis: () => Promise<void>;
beforeAll(async () => {
  ({ redis, close: closeRedis } = await openRedis());
});
afterAll(async () => {
  await closeRedis();
});

/** A server that takes every connection, and answers nothing: Baileys sends one hello and waits. */
let server: WebSocketServer;
let arrived: { socket: WebSocket; frames: number; pongs: number; closed: Promise<unknown> }[];
let sock: WASocket;
let auth: AuthState;
let store: TestStore;
let mayWrite: boolean;
let refusals: Refusal[];
let instances = 0;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  arrived = [];
  server.on('connection', (socket) => {
    const peer = { socket, frames: 0, pongs: 0, closed: once(socket, 'close') };
    socket.on('message', () => {
      peer.frames += 1;
    });
    socket.on('pong', () => {
      peer.pongs += 1;
    });
    arrived.push(peer);
  });
  instances += 1;
  store = redisStore(redis, `guarded-${instances}`);
  auth = await createAuthState({
    instance: `guarded-${instances}`,
    epoch: 1,
    store,
    cache: createKeyCache({ maxBytes: 10_000 }),
    mayCreate: true,
    onFailed: () => {},
  });
  mayWrite = true;
  refusals = [];
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  sock = makeWASocket({
    waWebSocketUrl: `ws://127.0.0.1:${address.port}`,
    auth: auth.state,
    logger: silentLogger,
    makeSignalRepository,
  });
  guardSocket(sock, { mayWrite: () => mayWrite, onRefused: (why) => refusals.push(why) });
});

afterEach(async () => {
  await sock.end(undefined);
  await auth.close();
  server.close();
});

const closes = () =>
  new Promise<void>((resolve) => {
    sock.ev.on('connection.update', ({ connection }) => {
      if (connection === 'close') resolve();
    });
  });

describe('a frame', () => {
  test('leaves while its sender may write', async () => {
    await expect.poll(() => arrived[0]?.frames).toBe(1);
    await sock.sendRawMessage(Buffer.from('more'));
    await expect.poll(() => arrived[0]?.frames).toBe(2);
    expect(refusals).toEqual([]);
  });

  test('does not leave past the deadline; the connection is cut instead, and Baileys hears of it', async () => {
    await expect.poll(() => arrived[0]?.frames).toBe(1);
    const closed = closes();
    mayWrite = false;
    await expect(sock.sendRawMessage(Buffer.from('late'))).rejects.toThrow(/may-not-write/);
    await closed;
    await arrived[0]?.closed;
    expect(arrived[0]?.frames).toBe(1);
    expect(refusals).toEqual(['may-not-write']);
  });

  test('does not leave after the deadline has passed once, whatever the caller says then', async () => {
    await expect.poll(() => arrived[0]?.frames).toBe(1);
    mayWrite = false;
    await expect(sock.sendRawMessage(Buffer.from('late'))).rejects.toThrow();
    mayWrite = true;
    await expect(sock.sendRawMessage(Buffer.from('later'))).rejects.toThrow();
    await arrived[0]?.closed;
    expect(arrived[0]?.frames).toBe(1);
    expect(refusals).toHaveLength(1);
  });

  test('does not leave after the auth state has failed', async () => {
    await expect.poll(() => arrived[0]?.frames).toBe(1);
    store.failNext('commit');
    await expect(auth.saveCreds()).rejects.toThrow();
    await expect(sock.sendRawMessage(Buffer.from('unstored'))).rejects.toThrow(/auth-state-failed/);
    await arrived[0]?.closed;
    expect(arrived[0]?.frames).toBe(1);
    expect(refusals).toEqual(['auth-state-failed']);
  });
});

test('the handshake itself does not begin past the deadline', async () => {
  const closed = closes();
  mayWrite = false;
  await closed;
  expect(refusals).toEqual(['may-not-write']);
  expect(arrived.map(({ frames }) => frames)).toEqual([0]);
});

test('a ping is not answered past the deadline', async () => {
  await expect.poll(() => arrived[0]?.frames).toBe(1);
  arrived[0]?.socket.ping();
  await expect.poll(() => arrived[0]?.pongs).toBe(1);
  mayWrite = false;
  arrived[0]?.socket.ping();
  await arrived[0]?.closed;
  expect(arrived[0]?.pongs).toBe(1);
  expect(refusals).toEqual(['may-not-write']);
});

test('a socket that is closed cannot be guarded', async () => {
  await sock.end(undefined);
  expect(() => guardSocket(sock, { mayWrite: () => true, onRefused: () => {} })).toThrow(/right after/);
});
