import { freePort } from '@flotilla/fleet';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { asWorker, gatewayTest, newTenant, openGateway } from './gateway.ts';
import { ann, ownHistory, textFromAnn } from './history.ts';
import { happen, listen, texts, WebSocketClient } from './live.ts';

const base = '/compat/wwebjs';
const open = { status: { state: 'open', since: 1, phone: '14155550100', pushName: 'Shop' }, paired: true } as const;

/** Creates a session and gives the id of its instance. */
async function session(tenant: Awaited<ReturnType<typeof newTenant>>, sessionId: string) {
  expect((await tenant.send('POST', `${base}/api/sessions`, { sessionId })).status).toBe(201);
  return (await tenant.send('GET', `/v1/instances/${sessionId}`)).body.id as string;
}

/** The texts of the QR codes that a client was told of. */
const shown = (client: WebSocketClient) =>
  (client.messages as { event?: unknown; data?: { qr?: string } }[]).flatMap(({ data }) => data?.qr ?? []);
const waitShown = (client: WebSocketClient, expected: string[]) =>
  eventually(() => expect(shown(client)).toEqual(expected), { timeoutMs: 20_000 });
const opened = (client: WebSocketClient) =>
  eventually(() => client.socket.readyState === client.socket.OPEN, { message: 'The WebSocket is open' });

describe('the WebSocket', () => {
  gatewayTest(
    'is at the root of the dialect and at /ws, for keys that may see events',
    async ({ app, redis, tenant }) => {
      const address = await listen(app);
      const instance = await session(tenant, 'ici');
      const key = { 'x-api-key': tenant.key };
      const clients = ['', '/', '/ws'].map((path) => new WebSocketClient(address, `${base}${path}`, key));
      await Promise.all(clients.map(opened));
      await happen(redis, { tenant: tenant.tenant, instance }, texts('a', 'b'));
      for (const client of clients) {
        await waitShown(client, ['a', 'b']);
        expect(client.messages[0]).toEqual({
          event: 'connection_update',
          sessionId: 'ici',
          data: { status: 'qr_received', qr: 'a', qrCode: expect.stringMatching(/^data:image\/png;base64,/) },
        });
      }

      const bare = new WebSocketClient(address, `${base}/`);
      await eventually(() => bare.refused, { message: 'It is refused' });
      expect(bare.refused).toBe(401);
      const { key: blind } = await newTenant(app, ['messages:send']);
      const unable = new WebSocketClient(address, `${base}/ws`, { 'x-api-key': blind });
      await eventually(() => unable.refused, { message: 'It is refused' });
      expect(unable.refused).toBe(403);
      // Other paths are not taken up, and the root is nothing else.
      for (const path of ['/api/sessions', '/socket']) {
        const client = new WebSocketClient(address, `${base}${path}`, key);
        await eventually(() => client.refused, { message: 'It is refused' });
      }
      expect((await tenant.send('GET', `${base}/ws`)).status).toBe(404);
    },
  );

  gatewayTest(
    'shows one session with ?sessionId=, and never those of another tenant',
    async ({ app, redis, tenant }) => {
      const address = await listen(app);
      const key = { 'x-api-key': tenant.key };
      const [first, second] = [await session(tenant, 'first'), await session(tenant, 'second')];
      const other = await newTenant(app);
      const foreign = await session(other, 'foreign');
      const one = new WebSocketClient(address, `${base}/?sessionId=second`, key);
      const all = new WebSocketClient(address, `${base}/`, key);
      const nobody = new WebSocketClient(address, `${base}/?sessionId=foreign`, key);
      await Promise.all([opened(one), opened(all)]);
      await happen(redis, { tenant: other.tenant, instance: foreign }, texts('foreign'));
      await happen(redis, { tenant: tenant.tenant, instance: first }, texts('first'));
      await happen(redis, { tenant: tenant.tenant, instance: second }, texts('second'));
      await waitShown(one, ['second']);
      await waitShown(all, ['first', 'second']);
      expect(await nobody.waitForClose()).toEqual({ code: 4404, reason: 'INSTANCE_NOT_FOUND' });
    },
  );

  redisTest('stays open at a port without a key, and ends with its gateway', async ({ url, redis, onTestFinished }) => {
    const first = await openGateway(url);
    const tenant = await newTenant(first.app);
    const instance = await session(tenant, 'ici');
    await first.close();
    const port = await freePort();
    const { app, close } = await openGateway(url, {
      COMPAT_BINDINGS: `wwebjs=${port}:${tenant.tenant}`,
      EVENT_HEARTBEAT_SECONDS: 1,
    });
    let isOpen = true;
    onTestFinished(async () => {
      if (isOpen) await close();
    });
    await app.openBindings('127.0.0.1');
    const client = new WebSocketClient(`127.0.0.1:${port}`, '/');
    // With each ping the keys of all streams are looked at: this one has none that could be revoked.
    await eventually(() => client.pings >= 3 || undefined, { timeoutMs: 20_000, message: 'It gets pings' });
    client.socket.send('{"type":"subscribe"}');
    await happen(redis, { tenant: tenant.tenant, instance }, texts('still'));
    await waitShown(client, ['still']);
    await close();
    isOpen = false;
    expect(await client.waitForClose()).toEqual({ code: 1012, reason: 'CLOSING' });
    expect(client.messages).toHaveLength(1);
  });
});

describe('chats, messages and contacts', () => {
  gatewayTest('are those of the phone number, whichever address WhatsApp uses', async ({ app, redis, tenant }) => {
    const instance = await session(tenant, 'ici');
    await asWorker(redis, instance, open);
    const { history, write } = await ownHistory(redis, instance);
    const at = Date.now() - 10_000;
    await write(history.append({ message: textFromAnn('m1', at) }));
    await write(
      history.append({ message: textFromAnn('m2', at + 1_000, { chat: ann.lid, sender: { ...ann, jid: ann.lid } }) }),
    );
    const sent = { chat: ann.lid, fromMe: true, sender: { jid: '14155550100@s.whatsapp.net' } };
    await write(history.append({ message: textFromAnn('m3', at + 2_000, sent), statuses: { at: { acked: at } } }));
    await write(await history.setStatus({ id: 'm3', chats: [ann.lid] }, { status: 'read', at: at + 3_000 }));

    const chatId = `${ann.phone}@c.us`;
    for (const named of [chatId, ann.lid, ann.phone]) {
      const { status, body } = await tenant.send('GET', `${base}/api/messages/ici/chat/${named}`);
      expect(status).toBe(200);
      expect(body.chatId).toBe(chatId);
      expect(body.messages).toMatchObject([
        { id: { _serialized: `false_${chatId}_m1` }, from: chatId, to: '14155550100@c.us', ack: 1 },
        { id: { _serialized: `false_${chatId}_m2` }, from: chatId },
        { id: { _serialized: `true_${chatId}_m3` }, from: '14155550100@c.us', to: chatId, ack: 3 },
      ]);
    }
    const { chats } = (await tenant.send('GET', `${base}/api/messages/ici/chats`)).body;
    expect(chats).toHaveLength(1);
    expect(chats[0]).toMatchObject({
      id: { server: 'c.us', user: ann.phone, _serialized: chatId },
      timestamp: Math.floor((at + 2_000) / 1_000),
      lastMessage: { id: { _serialized: `true_${chatId}_m3` } },
    });
    expect((await tenant.send('GET', `${base}/api/sessions/ici`)).body).toMatchObject({
      status: 'connected',
      info: { pushname: 'Shop', wid: { _serialized: '14155550100@c.us' } },
    });

    const other = await newTenant(app);
    for (const path of ['chats', 'contacts', `chat/${chatId}`])
      expect((await other.send('GET', `${base}/api/messages/ici/${path}`)).status).toBe(404);
  });
});
