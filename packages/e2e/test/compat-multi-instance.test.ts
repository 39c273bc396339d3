import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Contact, eventually, freePort, type LinkedPhone } from '@flotilla/fleet';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DialectClient } from './dialect-client.ts';
import { oneFleet } from './one-fleet.ts';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type Samples, sha256 } from './samples.ts';
import { inboxOf, type Shown } from './sending-scene.ts';

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const picture = expect.stringMatching(/^data:image\/png;base64,/);

/** What the document's examples send to. */
const recipient = '5511999999999';

/** The document's own examples, by their headings. */
const examples = {
  'Create an Instance': `curl -X POST http://localhost:5000/instances \\
  -H "Content-Type: application/json" \\
  -d '{"instanceId": "my-instance", "webhook": "https://your-webhook.com/events"}'`,
  'Get QR Code': 'curl http://localhost:5000/instances/my-instance/qr',
  'Send Text Message': `curl -X POST http://localhost:5000/instances/my-instance/sendMessage \\
  -H "Content-Type: application/json" \\
  -d '{"to": "5511999999999", "message": "Hello from API!"}'`,
  'Send Image': `curl -X POST http://localhost:5000/instances/my-instance/sendImage \\
  -H "Content-Type: application/json" \\
  -d '{"to": "5511999999999", "url": "https://example.com/image.jpg", "caption": "Check this out!"}'`,
  'Send Audio (Voice Message with Waveform)': `curl -X POST http://localhost:5000/instances/my-instance/sendAudio \\
  -H "Content-Type: application/json" \\
  -d '{
    "to": "5511999999999",
    "url": "https://example.com/audio.ogg",
    "ptt": true
  }'`,
  'Send Video': `curl -X POST http://localhost:5000/instances/my-instance/sendVideo \\
  -H "Content-Type: application/json" \\
  -d '{
    "to": "5511999999999",
    "url": "https://example.com/video.mp4",
    "caption": "Check this video!"
  }'`,
  'Send Location': `curl -X POST http://localhost:5000/instances/my-instance/sendLocation \\
  -H "Content-Type: application/json" \\
  -d '{
    "to": "5511999999999",
    "latitude": -23.5505,
    "longitude": -46.6333,
    "name": "São Paulo",
    "address": "São Paulo, Brazil"
  }'`,
  'Send Contact': `curl -X POST http://localhost:5000/instances/my-instance/sendContact \\
  -H "Content-Type: application/json" \\
  -d '{
    "to": "5511999999999",
    "contactName": "John Doe",
    "contactNumber": "5511888888888"
  }'`,
  'Send Sticker': `curl -X POST http://localhost:5000/instances/my-instance/sendSticker \\
  -H "Content-Type: application/json" \\
  -d '{
    "to": "5511999999999",
    "url": "https://example.com/sticker.webp"
  }'`,
} as const;

// Headings, rows and examples are those of the document of the WhatsApp Multi-Instance API.
describe('WhatsApp Multi-Instance API', () => {
  const running = oneFleet();
  let api: DialectClient;
  let linked: LinkedPhone;
  let ann: Contact;
  let pages: PageServer;
  let samples: Samples;
  let created: Awaited<ReturnType<DialectClient['curl']>>;
  let scanned: Awaited<ReturnType<DialectClient['curl']>>;

  const example = (heading: keyof typeof examples) =>
    api.curl(examples[heading], {
      'http://localhost:5000': api.url,
      'https://example.com': pages.url,
      'https://your-webhook.com': new URL(running.fleet.receiver.url).origin,
    });
  const statusOf = async (id: string): Promise<string> =>
    (await api.send('GET', `/instances/${id}/status`)).body.status;
  type Told = { event: string; data: Record<string, unknown> };
  const waitTold = (event: string, fits: (data: Record<string, unknown>) => boolean = () => true) =>
    eventually(
      () =>
        running.fleet.receiver.deliveries
          .filter(({ path }) => path === '/events')
          .map(({ json }) => json as Told)
          .find((each) => each.event === event && fits(each.data)),
      { timeoutMs: 20_000, message: `${event} is posted` },
    );
  const shown = (id: string, fits: (message: Shown) => boolean = () => true) =>
    eventually(async () => (await inboxOf(running.fleet, ann)).find((each) => each.id === id && fits(each)), {
      timeoutMs: 20_000,
      message: `Message ${id} is shown`,
    });
  const isVerified = ({ media }: Shown) => media?.state === 'verified';
  const bytesOf = async (id: string) => {
    const { url } = running.fleet.simulator;
    return Buffer.from(await (await fetch(`${url}/admin/contacts/${ann.phone}/inbox/${id}/media`)).arrayBuffer());
  };
  /** What every send is answered with. */
  const sentTo = (jid: string) => ({
    status: 200,
    body: {
      success: true,
      instanceId: 'my-instance',
      messageId: expect.stringMatching(/^\w{10,}$/),
      to: jid,
      status: expect.stringMatching(/^(sent|delivered|read)$/),
      timestamp: isoTime,
    },
  });
  const toAnn = `${recipient}@s.whatsapp.net`;

  beforeAll(async () => {
    const { fleet, tenant } = running;
    [pages, samples] = await Promise.all([startPages(), makeSamples()]);
    const sound = await promisify(execFile)(
      'ffmpeg',
      ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'libopus', '-f', 'ogg', 'pipe:1'],
      { encoding: 'buffer', timeout: 30_000 },
    );
    pages.page('/image.jpg', samples.bytes('picture.jpg'), { 'content-type': 'image/jpeg' });
    pages.page('/video.mp4', samples.bytes('film.mp4'), { 'content-type': 'video/mp4' });
    pages.page('/audio.ogg', sound.stdout, { 'content-type': 'audio/ogg' });
    const sticker = await sharp(samples.bytes('picture.png')).resize(512, 512).webp().toBuffer();
    pages.page('/sticker.webp', sticker, { 'content-type': 'image/webp' });
    api = new DialectClient(`${fleet.api.url}/compat/multi-instance`, { 'x-api-key': tenant.key });
    ann = await fleet.simulator.createContact({ name: 'Ann', phone: recipient });
    created = await example('Create an Instance');
    linked = await api.link(
      fleet.simulator,
      async () => {
        scanned = await example('Get QR Code');
        return scanned.body.qr;
      },
      async () => (await statusOf('my-instance')) === 'open',
    );
  });
  afterAll(async () => {
    await Promise.all([pages?.close(), samples?.remove()]);
  });

  describe('API Endpoints (Complete)', () => {
    it('GET /: API info and available endpoints', async () => {
      const { status, body } = await new DialectClient(api.url).send('GET', '/');
      expect(status).toBe(200);
      expect(body).toMatchObject({ name: 'WhatsApp Multi-Instance API', status: 'running', baseUrl: api.url });
      expect(body.endpoints).toHaveLength(18);
      const described = (await api.send('GET', '/openapi.json')).body.paths as Record<string, object>;
      for (const { method, path } of body.endpoints)
        expect(described[path.replace(':id', '{id}')]).toHaveProperty(method.toLowerCase());
    });

    it('POST /instances: Create a new WhatsApp instance', async () => {
      expect(created).toEqual({
        status: 201,
        body: {
          success: true,
          instanceId: 'my-instance',
          status: expect.stringMatching(/^(connecting|close|qr)$/),
          connected: false,
          phoneNumber: null,
          name: null,
          webhook: `${new URL(running.fleet.receiver.url).origin}/events`,
          createdAt: isoTime,
        },
      });
      expect(await example('Create an Instance')).toEqual({
        status: 409,
        body: { success: false, error: expect.stringContaining('my-instance'), code: 'ALIAS_TAKEN' },
      });
      expect((await api.send('POST', '/instances', {})).status).toBe(400);
      // Nothing is left of one that was refused.
      expect((await api.send('POST', '/instances', { instanceId: 'other', webhook: 'nonsense' })).status).toBe(400);
      expect((await api.send('POST', '/instances', { instanceId: 'other' })).status).toBe(201);
    });

    it('GET /instances: List all instances', async () => {
      const { status, body } = await api.send('GET', '/instances');
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: true, count: 2 });
      expect(body.instances[0]).toMatchObject({
        instanceId: 'my-instance',
        status: 'open',
        connected: true,
        phoneNumber: linked.phone,
        webhook: created.body.webhook,
      });
      expect(body.instances[1]).toMatchObject({ instanceId: 'other', webhook: null });
    });

    it('GET /instances/:id/qr: Get QR code for scanning', async () => {
      expect(scanned).toEqual({
        status: 200,
        body: {
          success: true,
          instanceId: 'my-instance',
          status: 'qr',
          qr: expect.stringMatching(/^.{50,}$/),
          qrCode: picture,
        },
      });
      expect((await example('Get QR Code')).body).toMatchObject({ status: 'open', qr: null, qrCode: null });
      expect((await api.send('GET', '/instances/nobody/qr')).status).toBe(404);
    });

    it('GET /instances/:id/status: Get instance connection status', async () => {
      expect(await api.send('GET', '/instances/my-instance/status')).toMatchObject({
        status: 200,
        body: { success: true, instanceId: 'my-instance', status: 'open', connected: true, phoneNumber: linked.phone },
      });
    });

    it('POST /instances/:id/sendMessage: Send text message', async () => {
      const sent = await example('Send Text Message');
      expect(sent).toEqual(sentTo(toAnn));
      expect((await shown(sent.body.messageId)).text).toBe('Hello from API!');
    });

    it('POST /instances/:id/sendImage: Send image with caption', async () => {
      const sent = await example('Send Image');
      expect(sent).toEqual(sentTo(toAnn));
      const message = await shown(sent.body.messageId, isVerified);
      expect(message).toMatchObject({ type: 'imageMessage', text: 'Check this out!' });
      expect(sha256(await bytesOf(sent.body.messageId))).toBe(sha256(samples.bytes('picture.jpg')));
    });

    it('POST /instances/:id/sendVideo: Send video with caption', async () => {
      const sent = await example('Send Video');
      expect(sent).toEqual(sentTo(toAnn));
      expect(await shown(sent.body.messageId, isVerified)).toMatchObject({
        type: 'videoMessage',
        text: 'Check this video!',
        media: { seconds: 2 },
      });
      expect(sha256(await bytesOf(sent.body.messageId))).toBe(sha256(samples.bytes('film.mp4')));
    });

    it('POST /instances/:id/sendAudio: Send audio/voice (PTT with waveform)', async () => {
      const voice = await example('Send Audio (Voice Message with Waveform)');
      expect(voice).toEqual(sentTo(toAnn));
      const message = await shown(voice.body.messageId, isVerified);
      expect(message).toMatchObject({ type: 'audioMessage', media: { ptt: true, seconds: 2 } });
      expect(message.media?.waveform).toHaveLength(64);
      const url = `${pages.url}/audio.ogg`;
      const byDefault = await api.send('POST', '/instances/my-instance/sendAudio', { to: recipient, url });
      expect((await shown(byDefault.body.messageId, isVerified)).media?.ptt).toBe(true);
      const plain = await api.send('POST', '/instances/my-instance/sendAudio', { to: recipient, url, ptt: false });
      expect((await shown(plain.body.messageId, isVerified)).media?.ptt).toBe(false);
    });

    it('POST /instances/:id/sendFile: Send document/file', async () => {
      const sent = await api.send('POST', '/instances/my-instance/sendFile', {
        to: recipient,
        url: `${pages.url}/image.jpg`,
        fileName: 'plan.jpg',
        caption: 'The plan',
      });
      expect(sent).toEqual(sentTo(toAnn));
      const message = await shown(sent.body.messageId, isVerified);
      expect(message.type).toMatch(/document/i);
      expect(message).toMatchObject({ text: 'The plan', media: { fileName: 'plan.jpg', mimetype: 'image/jpeg' } });
      expect(sha256(await bytesOf(sent.body.messageId))).toBe(sha256(samples.bytes('picture.jpg')));
    });

    it('POST /instances/:id/sendSticker: Send sticker', async () => {
      const sent = await example('Send Sticker');
      expect(sent).toEqual(sentTo(toAnn));
      expect((await shown(sent.body.messageId, isVerified)).type).toBe('stickerMessage');
    });

    it('POST /instances/:id/sendLocation: Send location', async () => {
      const sent = await example('Send Location');
      expect(sent).toEqual(sentTo(toAnn));
      expect((await shown(sent.body.messageId)).message.locationMessage).toMatchObject({
        degreesLatitude: -23.5505,
        degreesLongitude: -46.6333,
        name: 'São Paulo',
        address: 'São Paulo, Brazil',
      });
    });

    it('POST /instances/:id/sendContact: Send contact card', async () => {
      const sent = await example('Send Contact');
      expect(sent).toEqual(sentTo(toAnn));
      const { contactMessage } = (await shown(sent.body.messageId)).message;
      expect(contactMessage).toMatchObject({
        displayName: 'John Doe',
        vcard: expect.stringContaining('waid=5511888888888'),
      });
    });

    it('POST /instances/:id/sendToLid: Send message using LID', async () => {
      for (const lid of [`${ann.lid}@lid`, ann.lid]) {
        const sent = await api.send('POST', '/instances/my-instance/sendToLid', { lid, message: `to ${lid}` });
        expect(sent).toEqual(sentTo(`${ann.lid}@lid`));
        expect((await shown(sent.body.messageId)).text).toBe(`to ${lid}`);
      }
      const wrong = await api.send('POST', '/instances/my-instance/sendToLid', { lid: toAnn, message: 'x' });
      expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringContaining('is not a LID') } });
    });

    it('POST /instances/:id/lid-mappings: Add LID to phone mapping', async () => {
      const mapping = { lid: '123456789012345@lid', phoneNumber: '5511777777777' };
      expect(await api.send('POST', '/instances/my-instance/lid-mappings', mapping)).toEqual({
        status: 201,
        body: { success: true, instanceId: 'my-instance', mapping },
      });
    });

    it('GET /instances/:id/lid-mappings: Get LID to phone mappings', async () => {
      const { status, body } = await api.send('GET', '/instances/my-instance/lid-mappings');
      expect(status).toBe(200);
      expect(body).toEqual({
        success: true,
        instanceId: 'my-instance',
        count: body.mappings.length,
        mappings: expect.arrayContaining([{ lid: '123456789012345@lid', phoneNumber: '5511777777777' }]),
      });
    });

    it('POST /instances/:id/restart: Restart instance connection', async () => {
      const { simulator } = running.fleet;
      const before = (await simulator.account(linked.phone)).logins;
      expect(await api.send('POST', '/instances/my-instance/restart')).toEqual({
        status: 200,
        body: { success: true, instanceId: 'my-instance', status: 'connecting', message: 'Instance restarting' },
      });
      await eventually(
        async () =>
          (await simulator.account(linked.phone)).logins > before && (await statusOf('my-instance')) === 'open',
        { timeoutMs: 20_000, message: 'It has logged in once more' },
      );
    });

    it('DELETE /instances/:id: Delete instance and session', async () => {
      const webhook = `${running.fleet.receiver.url}/gone`;
      await api.send('POST', '/instances', { instanceId: 'brief', webhook });
      expect(await api.send('DELETE', '/instances/brief')).toEqual({
        status: 200,
        body: { success: true, instanceId: 'brief', status: 'close', message: 'Instance deleted' },
      });
      expect((await api.send('GET', '/instances/brief/status')).status).toBe(404);
      const { items } = await running.tenant.call<{ items: { url: string }[] }>('GET', '/v1/webhooks');
      expect(items.map(({ url }) => url)).not.toContain(webhook);
    });
  });

  describe('Webhook Events', () => {
    it('`qr.update`: New QR code generated', async () => {
      expect(await waitTold('qr.update')).toMatchObject({ instanceId: 'my-instance', data: { qrCode: picture } });
    });

    it('`connection.open`: Instance connected successfully', async () => {
      expect(await waitTold('connection.open')).toMatchObject({
        instanceId: 'my-instance',
        timestamp: isoTime,
        data: { phoneNumber: linked.phone },
      });
    });

    it('`connection.close`: Connection closed (with reason)', async () => {
      await running.fleet.simulator.fault('drop', { phone: linked.phone });
      expect(await waitTold('connection.close')).toMatchObject({
        instanceId: 'my-instance',
        data: { reason: expect.stringMatching(/^\w+$/), willReconnect: true },
      });
      await eventually(async () => (await statusOf('my-instance')) === 'open', {
        timeoutMs: 30_000,
        message: 'It is open again',
      });
    });

    it('`message.received`: Incoming message received', async () => {
      const id = await running.fleet.simulator.contactSend(recipient, linked.phone, 'Oi');
      expect(await waitTold('message.received', ({ messageId }) => messageId === id)).toMatchObject({
        event: 'message.received',
        instanceId: 'my-instance',
        data: { from: toAnn, phoneNumber: recipient, pushName: 'Ann', type: 'text', message: 'Oi' },
      });
    });

    it('`message.sent`: Message sent successfully', async () => {
      const { body } = await example('Send Text Message');
      expect(await waitTold('message.sent', ({ messageId }) => messageId === body.messageId)).toMatchObject({
        event: 'message.sent',
        instanceId: 'my-instance',
        data: { to: toAnn, type: 'text', message: 'Hello from API!' },
      });
    });
  });

  it('Recent Changes: sanitizePhone to prevent names in phoneNumber field', async () => {
    const post = (path: string, body: object) => api.send('POST', `/instances/my-instance/${path}`, body);
    const refused = {
      status: 400,
      body: { success: false, error: expect.stringContaining('contains letters'), code: expect.any(String) },
    };
    const name = 'John 5511999999999';
    expect(await post('sendMessage', { to: name, message: 'x' })).toEqual(refused);
    expect(await post('sendContact', { to: recipient, contactName: 'John', contactNumber: name })).toEqual(refused);
    expect(await post('lid-mappings', { lid: '123456789012345@lid', phoneNumber: name })).toEqual(refused);
    expect((await post('sendMessage', { to: '+55 (11) 99999-9999', message: 'x' })).body.to).toBe(toAnn);
  });

  it('Configuration: PORT and BASE_URL of a port that is bound to the tenant, where the examples need no key', async () => {
    const port = await freePort();
    await running.fleet.addGateway({
      COMPAT_BINDINGS: `multi-instance=${port}:${running.tenant.tenant.id} BASE_URL=https://wa.example.com`,
    });
    const bound = new DialectClient(`http://127.0.0.1:${port}`);
    expect((await bound.send('GET', '/')).body.baseUrl).toBe('https://wa.example.com');
    const { body } = await bound.curl(examples['Send Text Message'], { 'http://localhost:5000': bound.url });
    expect((await shown(body.messageId)).text).toBe('Hello from API!');
  });
});
