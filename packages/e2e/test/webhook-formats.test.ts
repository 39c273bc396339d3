import type { FormatName } from '@flotilla/contracts';
import { type Contact, eventually, type LinkedPhone } from '@flotilla/fleet';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const isoSeconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const unixSeconds = expect.toSatisfy((value: unknown) => {
  return Number.isInteger(value) && Math.abs(Number(value) - Date.now() / 1_000) < 600;
});
const picture = expect.stringMatching(/^data:image\/png;base64,iVBOR[\w+/=]+$/);

describe('webhooks in the shapes of other APIs', () => {
  const running = oneFleet();
  const alias = 'shop-01';
  let id: string;
  let linked: LinkedPhone;
  let ann: Contact;
  let received: string;
  let sent: string;
  let fromPhone: string;

  /** Bodies that came for one format, and the path below the endpoint's URL. */
  const told = (format: FormatName) =>
    running.fleet.receiver.deliveries.flatMap(({ path, json, verified }) =>
      path.startsWith(`/hook/${format}`) && verified
        ? [{ path: path.slice(`/hook/${format}`.length), body: json as Record<string, unknown> }]
        : [],
    );
  /** Waits for a body that fits, and gives it with the path. */
  const waitTold = (format: FormatName, shape: object) =>
    eventually(() => told(format).find(({ body }) => fits(body, shape)), {
      timeoutMs: 20_000,
      message: `${format} tells ${JSON.stringify(shape)}`,
    });

  // One number that lives once: linked, written to, writing, unlinked.
  beforeAll(async () => {
    const { fleet, tenant } = running;
    for (const format of ['luna', 'multi-instance', 'qr-service', 'wwebjs'] as const)
      await fleet.addWebhook(tenant, { url: `${fleet.receiver.url}/${format}`, format });
    const settings = { emitSentMessages: true };
    ({ id } = await tenant.createInstance({
      name: 'A shop',
      alias,
      metadata: { chatbotId: 'chatbot-uuid' },
      settings,
    }));
    linked = await tenant.pair(id, fleet.simulator);
    ann = await fleet.simulator.createContact({ name: 'Ann', autoRead: true });
    received = await fleet.simulator.contactSend(ann.phone, linked.phone, 'Hello!');
    await waitTold('wwebjs', { event: 'message' });
    sent = (await tenant.sendText(id, ann.phone, 'Hello from API!')).messageId;
    await tenant.waitMessage(id, sent, 'read');
    [fromPhone = ''] = await fleet.simulator.contacts.ownPhoneSend(linked.phone, ann.phone, {
      kind: 'text',
      text: 'From the phone',
    });
    await waitTold('multi-instance', { data: { messageId: fromPhone } });
    await tenant.logout(id);
    await waitTold('wwebjs', { data: { reason: 'LOGOUT' } });
  });

  describe('luna: "Webhook Events"', () => {
    it('`qrcode.updated`', async () => {
      expect((await waitTold('luna', { event: 'qrcode.updated' })).body).toStrictEqual({
        event: 'qrcode.updated',
        data: { instance: alias, qrCode: picture },
        timestamp: isoTime,
      });
    });

    it('`connection.update`', async () => {
      expect((await waitTold('luna', { data: { state: 'open' } })).body).toStrictEqual({
        event: 'connection.update',
        data: { instance: alias, state: 'open', phoneNumber: linked.phone },
        timestamp: isoTime,
      });
      expect((await waitTold('luna', { data: { state: 'close' } })).body).toStrictEqual({
        event: 'connection.update',
        data: { instance: alias, state: 'close' },
        timestamp: isoTime,
      });
    });

    it('`messages.upsert`', async () => {
      const upsert = await waitTold('luna', { data: { data: { key: { id: received } } } });
      expect(upsert.body).toStrictEqual({
        event: 'messages.upsert',
        data: {
          instance: alias,
          data: {
            key: { remoteJid: `${ann.phone}@s.whatsapp.net`, fromMe: false, id: received },
            message: { conversation: 'Hello!' },
            messageTimestamp: unixSeconds,
            pushName: 'Ann',
          },
        },
        timestamp: isoTime,
      });
      const own = await waitTold('luna', { data: { data: { key: { id: sent } } } });
      expect(own.body).toMatchObject({ data: { data: { key: { fromMe: true } } } });
    });

    it('`messages.update`', async () => {
      for (const status of [2, 3, 4]) {
        const update = await waitTold('luna', { data: { update: { key: { id: sent }, update: { status } } } });
        expect(update.body).toStrictEqual({
          event: 'messages.update',
          data: {
            instance: alias,
            update: {
              key: { remoteJid: expect.stringMatching(/^\d+@(s\.whatsapp\.net|lid)$/), fromMe: true, id: sent },
              update: { status },
            },
          },
          timestamp: isoTime,
        });
      }
    });

    it('carries nothing else', () => {
      const events = new Set(told('luna').map(({ body }) => body.event));
      expect([...events].sort()).toEqual(['connection.update', 'messages.update', 'messages.upsert', 'qrcode.updated']);
    });
  });

  describe('multi-instance: "Webhook Events"', () => {
    const envelope = (event: string, data: object) => ({ event, instanceId: alias, timestamp: isoTime, data });

    it('`qr.update`', async () => {
      expect((await waitTold('multi-instance', { event: 'qr.update' })).body).toStrictEqual(
        envelope('qr.update', { qr: expect.stringMatching(/^.{50,}$/), qrCode: picture }),
      );
    });

    it('`connection.open`', async () => {
      const jid = expect.stringMatching(new RegExp(`^${linked.phone}:\\d+@s\\.whatsapp\\.net$`));
      expect((await waitTold('multi-instance', { event: 'connection.open' })).body).toStrictEqual(
        envelope('connection.open', { phoneNumber: linked.phone, name: null, jid }),
      );
    });

    it('`connection.close`', async () => {
      expect((await waitTold('multi-instance', { event: 'connection.close' })).body).toStrictEqual(
        envelope('connection.close', { reason: 'loggedOut', statusCode: 401, willReconnect: false }),
      );
    });

    it('`message.received`', async () => {
      expect((await waitTold('multi-instance', { event: 'message.received' })).body).toStrictEqual(
        envelope('message.received', {
          messageId: received,
          from: `${ann.phone}@s.whatsapp.net`,
          phoneNumber: ann.phone,
          lid: `${ann.lid}@lid`,
          pushName: 'Ann',
          isGroup: false,
          fromMe: false,
          type: 'text',
          message: 'Hello!',
          messageTimestamp: unixSeconds,
        }),
      );
    });

    it('`message.sent`, of the API and of the phone', async () => {
      for (const [messageId, message] of [
        [sent, 'Hello from API!'],
        [fromPhone, 'From the phone'],
      ])
        expect((await waitTold('multi-instance', { data: { messageId } })).body).toStrictEqual(
          envelope('message.sent', {
            messageId,
            to: `${ann.phone}@s.whatsapp.net`,
            phoneNumber: ann.phone,
            isGroup: false,
            fromMe: true,
            type: 'text',
            message,
            messageTimestamp: unixSeconds,
          }),
        );
      expect(told('multi-instance').filter(({ body }) => fits(body, { data: { messageId: sent } }))).toHaveLength(1);
    });
  });

  describe('qr-service: "Notificaciones al Backend"', () => {
    const chatbotId = 'chatbot-uuid';

    it('QR Code Generado', async () => {
      expect(await waitTold('qr-service', { type: 'qr' })).toStrictEqual({
        path: '/whatsapp-qr/webhook',
        body: { type: 'qr', sessionId: alias, data: { qrCode: picture }, chatbotId },
      });
    });

    it('Conexión Establecida', async () => {
      expect(await waitTold('qr-service', { type: 'connected' })).toStrictEqual({
        path: '/whatsapp-qr/webhook',
        body: { type: 'connected', sessionId: alias, data: { connectedAt: isoSeconds }, chatbotId },
      });
    });

    it('Desconexión', async () => {
      expect(await waitTold('qr-service', { type: 'disconnected' })).toStrictEqual({
        path: '/whatsapp-qr/webhook',
        body: { type: 'disconnected', sessionId: alias, data: { reason: 'logout' }, chatbotId },
      });
    });

    it('Mensaje Entrante', async () => {
      expect(await waitTold('qr-service', { messageId: received })).toStrictEqual({
        path: '/whatsapp-qr/incoming',
        body: {
          sessionId: alias,
          from: ann.phone,
          message: 'Hello!',
          timestamp: isoSeconds,
          messageId: received,
          chatbotId,
        },
      });
      expect(told('qr-service').filter(({ path }) => path === '/whatsapp-qr/incoming')).toHaveLength(1);
    });
  });

  describe('wwebjs: "Events"', () => {
    const update = (data: object) => ({ event: 'connection_update', sessionId: alias, data });

    it('`connection_update`: QR code received, authenticated, connected, disconnected', async () => {
      expect((await waitTold('wwebjs', { data: { status: 'qr_received' } })).body).toStrictEqual(
        update({ status: 'qr_received', qr: expect.stringMatching(/^.{50,}$/), qrCode: picture }),
      );
      const authenticated = await waitTold('wwebjs', { data: { status: 'authenticated' } });
      expect(authenticated.body).toStrictEqual(update({ status: 'authenticated' }));
      const wid = { server: 'c.us', user: linked.phone, _serialized: `${linked.phone}@c.us` };
      expect((await waitTold('wwebjs', { data: { status: 'connected' } })).body).toStrictEqual(
        update({ status: 'connected', info: { wid } }),
      );
      const statuses = told('wwebjs').flatMap(({ body }) =>
        body.event === 'connection_update' ? [(body.data as { status: string }).status] : [],
      );
      expect([...new Set(statuses)]).toEqual([
        'connecting',
        'qr_received',
        'authenticated',
        'connected',
        'disconnected',
      ]);
    });

    it('`message`', async () => {
      const [message, ...others] = told('wwebjs').filter(({ body }) => body.event === 'message');
      expect(others).toEqual([]);
      expect(message?.body).toStrictEqual({
        event: 'message',
        sessionId: alias,
        data: {
          id: {
            fromMe: false,
            remote: `${ann.phone}@c.us`,
            id: received,
            _serialized: `false_${ann.phone}@c.us_${received}`,
          },
          ack: 1,
          hasMedia: false,
          body: 'Hello!',
          type: 'chat',
          timestamp: unixSeconds,
          from: `${ann.phone}@c.us`,
          to: `${linked.phone}@c.us`,
          deviceType: expect.stringMatching(/^(android|ios|web)$/),
          isForwarded: false,
          forwardingScore: 0,
          isStatus: false,
          isStarred: false,
          broadcast: false,
          fromMe: false,
          hasQuotedMsg: false,
          hasReaction: false,
          vCards: [],
          mentionedIds: [],
          groupMentions: [],
          isGif: false,
          isEphemeral: false,
          links: [],
        },
      });
    });
  });

  it('files, and everything that is sent, come as Baileys has them if the instance keeps that', async () => {
    const { fleet, tenant } = running;
    const settings = { emitSentMessages: true, rawMessages: true };
    const created = await tenant.createInstance({ name: 'Raw', alias: 'raw', settings });
    const phone = await tenant.pair(created.id, fleet.simulator);
    const ben = await fleet.simulator.createContact({ name: 'Ben', addressing: 'lid' });
    const picture = (
      await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
    ).toString('base64');
    const [arrived] = await fleet.simulator.contacts.send(ben.phone, phone.phone, {
      kind: 'image',
      bytes: picture,
      caption: 'Look',
    });
    const file = {
      url: expect.stringMatching(/^https:/),
      mediaKey: expect.stringMatching(/^[\w+/]{43}=$/),
      fileSha256: expect.stringMatching(/^[\w+/]{43}=$/),
      fileLength: expect.stringMatching(/^\d+$/),
    };
    const upsert = await waitTold('luna', { data: { data: { key: { id: arrived } } } });
    expect(upsert.body).toMatchObject({
      data: {
        data: {
          key: { remoteJid: `${ben.phone}@s.whatsapp.net`, remoteJidAlt: `${ben.lid}@lid`, fromMe: false },
          message: { imageMessage: { ...file, caption: 'Look' } },
          messageTimestamp: unixSeconds,
          pushName: 'Ben',
        },
      },
    });
    const received = await waitTold('multi-instance', { data: { messageId: arrived } });
    expect(received.body).toMatchObject({
      event: 'message.received',
      data: { phoneNumber: ben.phone, type: 'image', message: null, caption: 'Look' },
    });

    // An album is three messages; a reaction is none.
    const items = [{ base64: picture }, { base64: picture }].map((media) => ({ type: 'image', media }));
    await tenant.call('POST', `/v1/instances/${created.id}/messages/album`, { body: { to: ben.phone, items } });
    await tenant.call('POST', `/v1/instances/${created.id}/messages/reaction`, {
      body: { to: ben.phone, message: { id: arrived, fromMe: false }, emoji: '+' },
    });
    const last = await tenant.sendText(created.id, ben.phone, 'Done', { waitSeconds: 20 });
    await waitTold('multi-instance', { data: { messageId: last.messageId } });
    await waitTold('luna', { data: { data: { key: { id: last.messageId } } } });
    const sentTypes = told('multi-instance').flatMap(({ body }) =>
      body.instanceId === 'raw' && body.event === 'message.sent' ? [(body.data as { type: string }).type] : [],
    );
    // The album itself counts as sent with its receipt, or else when all of it is.
    expect(sentTypes.toSorted()).toEqual(['album', 'image', 'image', 'text']);
    const own = told('luna').flatMap(({ body }) => {
      const { instance, data } = body.data as {
        instance: string;
        data?: { key: { fromMe: boolean }; message: object };
      };
      return instance === 'raw' && data?.key.fromMe ? [data.message] : [];
    });
    expect(own).toHaveLength(4);
    const contents = [
      { albumMessage: { expectedImageCount: 2 } },
      { imageMessage: file },
      { extendedTextMessage: { text: 'Done' } },
    ];
    for (const content of contents) expect(own).toContainEqual(shapeOf(content));
  });

  it('the profile name is told once WhatsApp has told it', async () => {
    const { fleet, tenant } = running;
    const named = await tenant.createInstance({ name: 'Named', alias: 'named' });
    const phone = await tenant.pair(named.id, fleet.simulator);
    // Until the device has its keys it cannot read what the phone changes, and learns it with the next change.
    await eventually(
      async () => {
        await fleet.simulator.phones.change(phone.phone, { kind: 'push-name', name: 'John Doe' });
        return (await tenant.instance(named.id)).status.pushName === 'John Doe';
      },
      { timeoutMs: 20_000, intervalMs: 1_000 },
    );
    await tenant.restart(named.id);
    const open = await waitTold('luna', { data: { instance: 'named', profileName: 'John Doe' } });
    expect(open.body).toStrictEqual({
      event: 'connection.update',
      data: { instance: 'named', state: 'open', phoneNumber: phone.phone, profileName: 'John Doe' },
      timestamp: isoTime,
    });
  });

  it('a format that is none is refused', async () => {
    for (const format of ['sessions', 'Luna', '']) {
      const body = { url: running.fleet.receiver.url, format };
      expect((await running.tenant.request('POST', '/v1/webhooks', { body })).status, format).toBe(400);
    }
  });

  it('a webhook shows its format, which can be changed', async () => {
    const { fleet, tenant } = running;
    const webhook = await fleet.addWebhook(tenant);
    expect(webhook.format).toBe('native');
    const path = `/v1/webhooks/${webhook.id}`;
    expect(await tenant.call('PATCH', path, { body: { format: 'luna' } })).toMatchObject({ format: 'luna' });
    expect(await tenant.call('GET', path)).toMatchObject({ format: 'luna' });
    await tenant.call('DELETE', path);
  });
});

/** Matches whatever has at least these fields, at every depth. */
function shapeOf(shape: object): unknown {
  const isPlain = (part: unknown): part is object => Object.getPrototypeOf(part ?? 0) === Object.prototype;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, isPlain(part) ? shapeOf(part) : part])),
  );
}

/** Whether a value has all that a shape has. */
function fits(value: unknown, shape: unknown): boolean {
  if (typeof shape !== 'object' || shape === null) return value === shape;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(shape).every(([key, part]) => fits(Reflect.get(value, key), part));
}
