import { type Contact, eventually, freePort, type LinkedPhone } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DialectClient } from './dialect-client.ts';
import { oneFleet } from './one-fleet.ts';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type Samples, sha256 } from './samples.ts';
import { inboxOf, type Shown } from './sending-scene.ts';

/** Time as the document writes it. */
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const picture = expect.stringMatching(/^data:image\/png;base64,/);

// Headings and rows are those of the document of the Luna WhatsApp Service.
describe('Luna WhatsApp Service', () => {
  const running = oneFleet();
  let luna: DialectClient;
  let linked: LinkedPhone;
  let ann: Contact;
  let pages: PageServer;
  let samples: Samples;

  const codeOf = async (name: string): Promise<string | null> =>
    (await luna.send('GET', `/instances/${name}/qr`)).body.code;
  const stateOf = async (name: string): Promise<string> =>
    (await luna.send('GET', `/instances/${name}/status`)).body.state;
  const link = (name: string) =>
    luna.link(
      running.fleet.simulator,
      () => codeOf(name),
      async () => (await stateOf(name)) === 'open',
    );
  const told = () =>
    running.fleet.receiver.deliveries.map(({ json }) => json as { event: string; data: Record<string, unknown> });
  const waitTold = (event: string, fits: (data: Record<string, unknown>) => boolean) =>
    eventually(() => told().find((each) => each.event === event && fits(each.data)), {
      timeoutMs: 20_000,
      message: `${event} is posted`,
    });
  const shown = (id: string, fits: (message: Shown) => boolean = () => true) =>
    eventually(async () => (await inboxOf(running.fleet, ann)).find((each) => each.id === id && fits(each)), {
      timeoutMs: 20_000,
      message: `Message ${id} is shown`,
    });

  beforeAll(async () => {
    [pages, samples] = await Promise.all([startPages(), makeSamples()]);
    const { fleet, tenant } = running;
    luna = new DialectClient(`${fleet.api.url}/compat/luna`, { apikey: tenant.key });
    ann = await fleet.simulator.createContact({ name: 'Ann', autoRead: true });
    await luna.send('POST', '/webhook/set', { url: fleet.receiver.url });
    await luna.send('POST', '/instances', { name: 'shop' });
    linked = await link('shop');
  });
  afterAll(async () => {
    await Promise.all([pages?.close(), samples?.remove()]);
  });

  describe('API Endpoints: Instances', () => {
    it('POST /instances: Create new instance', async () => {
      const created = await luna.send('POST', '/instances', { instanceName: 'second' });
      expect(created).toEqual({
        status: 201,
        body: {
          instance: 'second',
          name: 'second',
          state: expect.stringMatching(/^(connecting|close)$/),
          phoneNumber: null,
          profileName: null,
          createdAt: isoTime,
        },
      });
      expect(await luna.send('POST', '/instances', { name: 'second' })).toEqual({
        status: 409,
        body: { error: expect.stringContaining('second'), code: 'ALIAS_TAKEN' },
      });
      expect((await luna.send('POST', '/instances', {})).status).toBe(400);
      expect((await luna.send('POST', '/instances', { name: 'a/b' })).status).toBe(400);
    });

    it('GET /instances: List all instances', async () => {
      const { status, body } = await luna.send('GET', '/instances');
      expect(status).toBe(200);
      expect(body.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['shop', 'second']));
    });

    it('GET /instances/:name: Get instance info', async () => {
      const { status, body } = await luna.send('GET', '/instances/shop');
      expect(status).toBe(200);
      expect(body).toMatchObject({ instance: 'shop', state: 'open', phoneNumber: linked.phone, createdAt: isoTime });
      expect((await luna.send('GET', '/instances/nobody')).status).toBe(404);
    });

    it('GET /instances/:name/qr: Get QR code', async () => {
      const waiting = await luna.send('GET', '/instances/second/qr');
      expect(waiting).toEqual({
        status: 200,
        body: { instance: 'second', state: 'connecting', qrCode: picture, code: expect.stringMatching(/^.{50,}$/) },
      });
      expect((await luna.send('GET', '/instances/shop/qr')).body).toEqual({
        instance: 'shop',
        state: 'open',
        qrCode: null,
        code: null,
      });
    });

    it('GET /instances/:name/status: Get status', async () => {
      expect((await luna.send('GET', '/instances/shop/status')).body).toMatchObject({
        instance: 'shop',
        state: 'open',
        phoneNumber: linked.phone,
      });
    });

    it('POST /instances/:name/reconnect: Reconnect instance', async () => {
      const before = (await running.fleet.simulator.account(linked.phone)).logins;
      expect(await luna.send('POST', '/instances/shop/reconnect')).toEqual({
        status: 200,
        body: { instance: 'shop', state: 'connecting', message: 'Instance reconnecting' },
      });
      await eventually(
        async () =>
          (await running.fleet.simulator.account(linked.phone)).logins > before && (await stateOf('shop')) === 'open',
        { timeoutMs: 20_000, message: 'It has logged in once more' },
      );
    });

    it('POST /instances/:name/logout: Logout instance', async () => {
      await link('second');
      expect(await luna.send('POST', '/instances/second/logout')).toEqual({
        status: 200,
        body: { instance: 'second', state: 'close', message: 'Instance logged out' },
      });
      await eventually(async () => (await stateOf('second')) === 'close', {
        timeoutMs: 20_000,
        message: 'It is closed',
      });
      expect((await luna.send('POST', '/instances/second/logout')).status).toBe(409);
      expect(
        (await luna.send('POST', '/messages/text', { instance: 'second', number: ann.phone, text: 'x' })).status,
      ).toBe(409);
      // As in the old service there is a new code to be had.
      expect(await codeOf('second')).toEqual(expect.any(String));
    });

    it('DELETE /instances/:name: Delete instance', async () => {
      expect((await luna.send('DELETE', '/instances/second')).status).toBe(200);
      expect((await luna.send('GET', '/instances/second')).status).toBe(404);
      expect((await luna.send('POST', '/instances', { name: 'second' })).status).toBe(201);
      expect((await luna.send('DELETE', '/instances/second')).status).toBe(200);
    });
  });

  describe('API Endpoints: Messages', () => {
    it('POST /messages/text: Send text message', async () => {
      for (const fields of [
        { instance: 'shop', number: ann.phone, text: 'Hello!' },
        { instanceName: 'shop', to: `${ann.phone}@s.whatsapp.net`, message: 'Hello!' },
        { instance: 'shop', number: Number(ann.phone), text: 'Hello!' },
      ]) {
        const { status, body } = await luna.send('POST', '/messages/text', fields);
        expect(status).toBe(200);
        expect(body).toEqual({
          instance: 'shop',
          messageId: expect.any(String),
          key: { remoteJid: `${ann.phone}@s.whatsapp.net`, fromMe: true, id: body.messageId },
          message: { conversation: 'Hello!' },
          messageTimestamp: expect.any(Number),
          status: expect.any(Number),
        });
        expect(body.status).toBeGreaterThanOrEqual(2);
        expect((await shown(body.key.id)).text).toBe('Hello!');
      }
    });

    it('says what is wrong with a message', async () => {
      const cases: [Record<string, unknown>, number, string][] = [
        [{ number: ann.phone, text: 'x' }, 400, 'instance: is missing'],
        [{ instance: 'shop', text: 'x' }, 400, 'number: is missing'],
        [{ instance: 'shop', number: ann.phone }, 400, 'text: is missing'],
        [{ instance: 'shop', number: 'Ann 5511999999999', text: 'x' }, 400, 'contains letters'],
        [{ instance: 'nobody', number: ann.phone, text: 'x' }, 404, 'nobody'],
      ];
      for (const [fields, status, reason] of cases)
        expect(await luna.send('POST', '/messages/text', fields)).toEqual({
          status,
          body: { error: expect.stringContaining(reason), code: expect.any(String) },
        });
      const stranger = await running.fleet.simulator.createContact({ exists: false });
      expect(
        await luna.send('POST', '/messages/text', { instance: 'shop', number: stranger.phone, text: 'x' }),
      ).toMatchObject({ status: 400, body: { error: expect.stringContaining('not-on-whatsapp') } });
    });

    it('POST /messages/media: Send media message', async () => {
      const urlOf = (name: Parameters<Samples['bytes']>[0], type: string) =>
        pages.page(`/${name}`, samples.bytes(name), { 'content-type': type });
      const to = { instance: 'shop', number: ann.phone };
      const base64 = samples.bytes('picture.png').toString('base64');
      const cases: [object, string, Parameters<Samples['bytes']>[0] | undefined, object][] = [
        [
          { mediatype: 'image', media: urlOf('picture.jpg', 'image/jpeg'), caption: 'Look' },
          'imageMessage',
          'picture.jpg',
          { text: 'Look' },
        ],
        [{ mediaUrl: urlOf('film.mp4', 'video/mp4'), caption: 'Film' }, 'videoMessage', 'film.mp4', { text: 'Film' }],
        [{ media: `data:image/png;base64,${base64}` }, 'imageMessage', 'picture.png', {}],
        [
          { mediatype: 'document', base64, fileName: 'plan.png', mimetype: 'image/png' },
          'documentMessage',
          'picture.png',
          { media: { fileName: 'plan.png' } },
        ],
        [
          { mediatype: 'audio', url: urlOf('tone.mp3', 'audio/mpeg') },
          'audioMessage',
          undefined,
          { media: { ptt: true } },
        ],
      ];
      for (const [fields, type, file, rest] of cases) {
        const { status, body } = await luna.send('POST', '/messages/media', { ...to, ...fields });
        expect(status).toBe(200);
        expect(Object.keys(body.message)).toEqual([type]);
        expect(body.status).toBeGreaterThanOrEqual(2);
        const message = await shown(body.messageId, ({ media }) => media?.state === 'verified');
        expect(message).toMatchObject({
          type: type === 'documentMessage' ? expect.stringMatching(/document/) : type,
          ...rest,
        });
        if (!file) continue;
        const response = await fetch(
          `${running.fleet.simulator.url}/admin/contacts/${ann.phone}/inbox/${body.messageId}/media`,
        );
        expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(sha256(samples.bytes(file)));
      }
      expect((await luna.send('POST', '/messages/media', { ...to, mediatype: 'smell', media: base64 })).status).toBe(
        400,
      );
      expect((await luna.send('POST', '/messages/media', to)).status).toBe(400);
      const missing = await luna.send('POST', '/messages/media', { ...to, media: `${pages.url}/nothing.jpg` });
      expect(missing.status).toBe(400);
    });
  });

  describe('API Endpoints: Webhook', () => {
    it('GET /webhook: Get webhook config', async () => {
      expect(await luna.send('GET', '/webhook')).toEqual({
        status: 200,
        body: {
          url: running.fleet.receiver.url,
          enabled: true,
          events: ['qrcode.updated', 'connection.update', 'messages.upsert', 'messages.update'],
        },
      });
    });

    it('POST /webhook/set: Set webhook URL', async () => {
      const { receiver } = running.fleet;
      const other = `${receiver.url}/other`;
      expect(await luna.send('POST', '/webhook/set', { url: other, events: ['MESSAGES_UPSERT'] })).toEqual({
        status: 200,
        body: { url: other, enabled: true, events: ['messages.upsert'] },
      });
      expect((await luna.send('POST', '/webhook/set', { url: 'ftp://x' })).status).toBe(400);
      expect((await luna.send('POST', '/webhook/set', {})).status).toBe(400);
      expect((await luna.send('POST', '/webhook/set', { url: null })).body).toMatchObject({
        url: null,
        enabled: false,
      });
      expect((await luna.send('GET', '/webhook')).body).toEqual({ url: null, enabled: false, events: [] });
      // Set several times at once, there is still one.
      await Promise.all([1, 2, 3].map(() => luna.send('POST', '/webhook/set', { url: receiver.url })));
      const { items } = await running.tenant.call<{ items: unknown[] }>('GET', '/v1/webhooks');
      expect(items).toHaveLength(1);
    });
  });

  describe('Webhook Events', () => {
    it('`qrcode.updated`', async () => {
      expect(await waitTold('qrcode.updated', ({ instance }) => instance === 'shop')).toEqual({
        event: 'qrcode.updated',
        data: { instance: 'shop', qrCode: picture },
        timestamp: isoTime,
      });
    });

    it('`connection.update`', async () => {
      const open = await waitTold(
        'connection.update',
        ({ instance, state }) => instance === 'shop' && state === 'open',
      );
      expect(open).toMatchObject({
        event: 'connection.update',
        data: { instance: 'shop', state: 'open', phoneNumber: linked.phone },
        timestamp: isoTime,
      });
    });

    it('`messages.upsert`', async () => {
      const id = await running.fleet.simulator.contactSend(ann.phone, linked.phone, 'Hello!');
      type Upsert = { key: { id: string } };
      const upsert = await waitTold('messages.upsert', ({ data }) => (data as Upsert).key.id === id);
      expect(upsert).toMatchObject({
        event: 'messages.upsert',
        data: {
          instance: 'shop',
          data: {
            key: { remoteJid: `${ann.phone}@s.whatsapp.net`, fromMe: false, id },
            message: { conversation: 'Hello!' },
            messageTimestamp: expect.any(Number),
            pushName: 'Ann',
          },
        },
        timestamp: isoTime,
      });
    });

    it('`messages.update`', async () => {
      const { body } = await luna.send('POST', '/messages/text', {
        instance: 'shop',
        number: ann.phone,
        text: 'Seen?',
      });
      type Update = { key: { id: string }; update: { status: number } };
      const found = await waitTold('messages.update', ({ update }) => {
        const { key, update: change } = update as Update;
        return key.id === body.messageId && change.status === 3;
      });
      expect(found).toEqual({
        event: 'messages.update',
        data: {
          instance: 'shop',
          update: { key: expect.objectContaining({ fromMe: true, id: body.messageId }), update: { status: 3 } },
        },
        timestamp: isoTime,
      });
    });
  });

  it('Environment Variables: PORT, API_KEY and WEBHOOK_URL of a port that is bound to the tenant', async () => {
    const { fleet, tenant } = running;
    const port = await freePort();
    await fleet.addGateway({
      COMPAT_BINDINGS: `luna=${port}:${tenant.tenant.id} API_KEY=your-secret-key WEBHOOK_URL=${fleet.receiver.url}`,
    });
    const bound = new DialectClient(`http://127.0.0.1:${port}`, { 'x-api-key': 'your-secret-key' });
    const { body } = await bound.send('POST', '/messages/text', { instance: 'shop', number: ann.phone, text: 'bound' });
    expect((await shown(body.messageId)).text).toBe('bound');
    expect((await bound.send('GET', '/webhook')).body.url).toBe(fleet.receiver.url);
    expect((await new DialectClient(bound.url).send('GET', '/instances')).status).toBe(401);
  });
});
