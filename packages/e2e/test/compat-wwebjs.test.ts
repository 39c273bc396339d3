import { type Contact, eventually, freePort, type LinkedPhone } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DialectClient } from './dialect-client.ts';
import { oneFleet } from './one-fleet.ts';

interface Told {
  event: string;
  sessionId: string;
  data: Record<string, unknown>;
}

/** A client of the WebSocket that keeps what it is told. */
class Listener {
  readonly told: Told[] = [];
  readonly #socket: WebSocket;

  private constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('message', ({ data }) => this.told.push(JSON.parse(String(data))));
  }

  static async open(url: string): Promise<Listener> {
    const listener = new Listener(url.replace(/^http/, 'ws'));
    await new Promise<void>((resolve, reject) => {
      listener.#socket.addEventListener('open', () => resolve());
      listener.#socket.addEventListener('error', () => reject(new Error('The WebSocket was refused')));
    });
    return listener;
  }

  wait(event: string, fits: (data: Record<string, unknown>) => boolean): Promise<Told> {
    return eventually(() => this.told.find((each) => each.event === event && fits(each.data)), {
      timeoutMs: 20_000,
      message: `${event} is told`,
    });
  }

  close(): void {
    this.#socket.close();
  }
}

// Headings and rows are those of the document of WhatsApp Service.
describe('WhatsApp Service', () => {
  const running = oneFleet();
  const listeners: Listener[] = [];
  let client: DialectClient;
  let listener: Listener;
  let linked: LinkedPhone;
  let ann: Contact;

  const listen = async (url: string) => {
    const opened = await Listener.open(url);
    listeners.push(opened);
    return opened;
  };
  const ticket = async () => (await running.tenant.call<{ ticket: string }>('POST', '/v1/events/ticket')).ticket;
  const session = async (name = 'ici') => (await client.send('GET', `/api/sessions/${name}`)).body;
  const wid = (phone: string) => ({ server: 'c.us', user: phone, _serialized: `${phone}@c.us` });

  beforeAll(async () => {
    const { fleet, tenant } = running;
    client = new DialectClient(`${fleet.api.url}/compat/wwebjs`, { 'x-api-key': tenant.key });
    ann = await fleet.simulator.createContact({ name: 'Ann' });
    listener = await listen(`${client.url}/?ticket=${await ticket()}`);
  });
  afterAll(() => {
    for (const each of listeners) each.close();
  });

  describe('Session Management', () => {
    it('POST /api/sessions: Create a new WhatsApp session', async () => {
      const { status, body } = await client.send('POST', '/api/sessions', { sessionId: 'ici' });
      expect(status).toBe(201);
      expect(body).toEqual({
        success: true,
        sessionId: 'ici',
        status: expect.stringMatching(/^(connecting|qr_received)$/),
        info: null,
        createdAt: expect.any(String),
      });
      expect(await client.send('POST', '/api/sessions', { sessionId: 'ici' })).toEqual({
        status: 409,
        body: { success: false, error: expect.any(String), code: 'ALIAS_TAKEN' },
      });
    });

    it('GET /api/sessions/:sessionId/qr: Get QR code for session authentication', async () => {
      const { status, body } = await client.send('GET', '/api/sessions/ici/qr');
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          success: true,
          sessionId: 'ici',
          status: 'qr_received',
          qr: expect.stringMatching(/^.{50,}$/),
          qrCode: expect.stringMatching(/^data:image\/png;base64,/),
        },
      });
      linked = await running.fleet.simulator.scanQr(body.qr);
      await eventually(async () => (await session()).status === 'connected', {
        timeoutMs: 30_000,
        message: 'It is connected',
      });
      expect((await client.send('GET', '/api/sessions/nobody/qr')).status).toBe(404);
    });

    it('GET /api/sessions/:sessionId: Get session status', async () => {
      expect(await session()).toEqual({
        success: true,
        sessionId: 'ici',
        status: 'connected',
        info: expect.objectContaining({ wid: wid(linked.phone), platform: 'android' }),
        createdAt: expect.any(String),
      });
    });

    it('GET /api/sessions: List all active WhatsApp sessions', async () => {
      expect(await client.send('GET', '/api/sessions')).toMatchObject({
        status: 200,
        body: { success: true, sessions: [{ sessionId: 'ici', status: 'connected' }] },
      });
    });
  });

  describe('Events', () => {
    it('connection_update', async () => {
      const statusIs = (word: string) => (data: Record<string, unknown>) => data.status === word;
      expect(await listener.wait('connection_update', statusIs('qr_received'))).toEqual({
        event: 'connection_update',
        sessionId: 'ici',
        data: {
          status: 'qr_received',
          qr: expect.any(String),
          qrCode: expect.stringMatching(/^data:image\/png;base64,/),
        },
      });
      expect(await listener.wait('connection_update', statusIs('authenticated'))).toMatchObject({ sessionId: 'ici' });
      expect(await listener.wait('connection_update', statusIs('connected'))).toMatchObject({
        sessionId: 'ici',
        data: { info: { wid: wid(linked.phone) } },
      });
    });

    it('message', async () => {
      const id = await running.fleet.simulator.contactSend(ann.phone, linked.phone, 'Hello!');
      const told = await listener.wait('message', ({ body }) => body === 'Hello!');
      expect(told).toMatchObject({
        event: 'message',
        sessionId: 'ici',
        data: {
          id: {
            fromMe: false,
            remote: `${ann.phone}@c.us`,
            id,
            _serialized: `false_${ann.phone}@c.us_${id}`,
          },
          body: 'Hello!',
          type: 'chat',
          from: `${ann.phone}@c.us`,
          to: `${linked.phone}@c.us`,
          fromMe: false,
          hasMedia: false,
          timestamp: expect.any(Number),
        },
      });
    });
  });

  describe('Messaging', () => {
    let sent: string;

    it('POST /api/messages/:sessionId/send: Send a message', async () => {
      const body = { to: `${ann.phone}@c.us`, message: 'Hello, Ann' };
      const answer = await client.send('POST', '/api/messages/ici/send', body);
      expect(answer).toMatchObject({
        status: 200,
        body: {
          success: true,
          messageId: expect.stringMatching(`^true_${ann.phone}@c.us_`),
          message: { fromMe: true, body: 'Hello, Ann', type: 'chat', to: `${ann.phone}@c.us` },
        },
      });
      expect(answer.body.message.ack).toBeGreaterThanOrEqual(1);
      sent = answer.body.message.id.id;
      const shown = await eventually(
        async () => (await running.fleet.simulator.inbox(ann.phone)).entries.find(({ id }) => id === sent),
        { message: 'It is shown' },
      );
      expect(shown).toMatchObject({ text: 'Hello, Ann', sender: linked.phone });
      const other = { chatId: ann.phone, content: 'Again' };
      expect((await client.send('POST', '/api/messages/ici/send', other)).status).toBe(200);
      expect((await client.send('POST', '/api/messages/ici/send', { to: ann.phone })).status).toBe(400);
      expect((await client.send('POST', '/api/messages/nobody/send', body)).status).toBe(404);
    });

    it('POST /api/messages/:sessionId/send: files, as whatsapp-web.js has them', async () => {
      await client.send('POST', '/api/sessions', { sessionId: 'picture' });
      const { qrCode } = (await client.send('GET', '/api/sessions/picture/qr')).body;
      await client.send('DELETE', '/api/sessions/picture');
      const picture = { mimetype: 'image/png', data: qrCode.split(',')[1] };
      const note = { mimetype: 'text/plain', data: Buffer.from('A note').toString('base64'), filename: 'note.txt' };
      const bert = await running.fleet.simulator.createContact({ name: 'Bert' });
      for (const [body, type, shown] of [
        [{ media: picture, caption: 'Scan me' }, 'image', { type: 'imageMessage', text: 'Scan me' }],
        [{ content: note }, 'document', { media: { fileName: 'note.txt', mimetype: 'text/plain' } }],
      ] as const) {
        const answer = await client.send('POST', '/api/messages/ici/send', { chatId: `${bert.phone}@c.us`, ...body });
        expect(answer).toMatchObject({ status: 200, body: { success: true, message: { type, hasMedia: true } } });
        const entry = await eventually(
          async () =>
            (await running.fleet.simulator.inbox(bert.phone)).entries.find(
              ({ id, media }) => id === answer.body.message.id.id && media?.state === 'verified',
            ),
          { timeoutMs: 20_000, message: 'It is shown' },
        );
        expect(entry).toMatchObject(shown);
      }
    });

    it('GET /api/messages/:sessionId/chats: Get all chats', async () => {
      const { status, body } = await client.send('GET', '/api/messages/ici/chats');
      expect(status).toBe(200);
      expect(body.success).toBe(true);
      const chat = body.chats.find(({ id }: { id: { _serialized: string } }) => id._serialized === `${ann.phone}@c.us`);
      expect(chat).toEqual({
        id: wid(ann.phone),
        name: expect.any(String),
        isGroup: false,
        isReadOnly: false,
        unreadCount: expect.any(Number),
        timestamp: expect.any(Number),
        archived: false,
        pinned: false,
        isMuted: false,
        muteExpiration: 0,
        lastMessage: expect.objectContaining({ body: 'Again', fromMe: true }),
      });
    });

    it('GET /api/messages/:sessionId/chat/:chatId: Get messages from a specific chat', async () => {
      const { status, body } = await client.send('GET', `/api/messages/ici/chat/${ann.phone}@c.us`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: true, chatId: `${ann.phone}@c.us` });
      expect(body.messages.map((message: { body: string }) => message.body)).toEqual(['Hello!', 'Hello, Ann', 'Again']);
      expect(body.messages[1]).toMatchObject({
        id: { id: sent, _serialized: `true_${ann.phone}@c.us_${sent}` },
        from: `${linked.phone}@c.us`,
        to: `${ann.phone}@c.us`,
      });
      const last = await client.send('GET', `/api/messages/ici/chat/${ann.phone}?limit=1`);
      expect(last.body.messages).toMatchObject([{ body: 'Again' }]);
      expect((await client.send('GET', '/api/messages/ici/chat/5511900000000@c.us')).status).toBe(404);
      expect((await client.send('GET', '/api/messages/ici/chat/nobody')).status).toBe(400);
    });

    it('GET /api/messages/:sessionId/contacts: Get all contacts', async () => {
      const { status, body } = await client.send('GET', '/api/messages/ici/contacts');
      expect(status).toBe(200);
      const contact = body.contacts.find(({ number }: { number: string }) => number === ann.phone);
      expect(contact).toMatchObject({
        id: wid(ann.phone),
        number: ann.phone,
        pushname: 'Ann',
        isMe: false,
        isUser: true,
        isGroup: false,
        isWAContact: true,
        isBlocked: false,
      });
    });
  });

  it('WebSocket Interface at a port that is bound to the tenant', async () => {
    const { fleet, tenant } = running;
    const port = await freePort();
    await fleet.addGateway({ COMPAT_BINDINGS: `wwebjs=${port}:${tenant.tenant.id}` });
    const bound = `http://127.0.0.1:${port}`;
    const others = await Promise.all(['', '/', '/ws', '/ws?sessionId=ici'].map((path) => listen(`${bound}${path}`)));
    await fleet.simulator.contactSend(ann.phone, linked.phone, 'To all');
    for (const each of others) await each.wait('message', ({ body }) => body === 'To all');
    await expect(listen(client.url)).rejects.toThrow('refused');
    await expect(listen(`${bound}/v1/events`)).rejects.toThrow('refused');
  });

  it('DELETE /api/sessions/:sessionId: Logout and destroy a session', async () => {
    expect(await client.send('DELETE', '/api/sessions/ici')).toEqual({
      status: 200,
      body: { success: true, sessionId: 'ici', message: 'Session destroyed' },
    });
    expect((await client.send('GET', '/api/sessions/ici')).status).toBe(404);
    expect((await client.send('GET', '/api/sessions')).body).toEqual({ success: true, sessions: [] });
    await listener.wait('connection_update', ({ status, reason }) => status === 'disconnected' && reason === 'LOGOUT');
  });
});
