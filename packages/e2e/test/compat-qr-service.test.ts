import { type Contact, eventually, freePort, type LinkedPhone } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { DialectClient } from './dialect-client.ts';
import { oneFleet } from './one-fleet.ts';

/** Time as the document writes it. */
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const picture = expect.stringMatching(/^data:image\/png;base64,/);

/** What is posted to a backend. */
interface Notification {
  type?: string;
  sessionId: string;
  chatbotId?: string;
  message?: string;
  data?: Record<string, unknown>;
}

// Headings are those of the document of WhatsApp QR Service.
describe('WhatsApp QR Service', () => {
  const running = oneFleet();
  let client: DialectClient;
  let backend: string;
  let linked: LinkedPhone;
  let ann: Contact;
  const sessionId = 'unique-session-id';
  const chatbotId = 'chatbot-uuid';

  const posted = (path: string, fits: (notification: Notification) => boolean) =>
    eventually(
      () =>
        running.fleet.receiver.deliveries
          .filter((delivery) => delivery.path === path)
          .map(({ json }) => json as Notification)
          .find(fits),
      { timeoutMs: 20_000, message: `It is posted to ${path}` },
    );
  const status = async (name = sessionId) => (await client.send('GET', `/status/${name}`)).body.status;
  const waitStatus = (word: string, name = sessionId) =>
    eventually(async () => (await status(name)) === word, { timeoutMs: 30_000, message: `It is ${word}` });
  /** The code that the picture of the last answer shows, which a phone would read off it. */
  const code = async () => (await running.tenant.qr(sessionId)).qr;

  beforeAll(async () => {
    const { fleet, tenant } = running;
    client = new DialectClient(`${fleet.api.url}/compat/qr-service`, { 'x-api-key': tenant.key });
    backend = new URL(fleet.receiver.url).origin;
    ann = await fleet.simulator.createContact({ name: 'Ann' });
  });

  it('Health Check', async () => {
    const answer = await new DialectClient(client.url).curl('curl http://localhost:3001/health', {
      'http://localhost:3001': client.url,
    });
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('POST /init', async () => {
    expect(await client.send('POST', '/init', { sessionId, chatbotId, backendUrl: backend })).toEqual({
      status: 200,
      body: { success: true, sessionId, status: 'connecting' },
    });
    expect((await client.send('POST', '/init', {})).status).toBe(400);
    expect((await client.send('POST', '/init', { sessionId: 'a b' })).status).toBe(400);
    expect(await client.send('POST', '/init', { sessionId: 'other', backendUrl: 'ftp://x' })).toMatchObject({
      status: 400,
      body: { success: false, code: 'BAD_WEBHOOK_URL' },
    });
    expect((await client.send('GET', '/status/other')).status).toBe(404);
  });

  it('GET /qr-code/:sessionId', async () => {
    expect(await client.send('GET', `/qr-code/${sessionId}`)).toEqual({
      status: 200,
      body: { qrCode: picture, status: 'qr_ready' },
    });
    expect(await status()).toBe('qr_ready');
    expect((await client.send('GET', '/qr-code/nobody')).status).toBe(404);
  });

  it('Notificaciones al Backend: QR Code Generado', async () => {
    expect(await posted('/whatsapp-qr/webhook', ({ type }) => type === 'qr')).toEqual({
      type: 'qr',
      sessionId,
      data: { qrCode: picture },
      chatbotId,
    });
  });

  it('Flujo de Conexión, and Notificaciones al Backend: Conexión Establecida', async () => {
    linked = await running.fleet.simulator.scanQr(await code());
    await waitStatus('connected');
    expect(await posted('/whatsapp-qr/webhook', ({ type }) => type === 'connected')).toEqual({
      type: 'connected',
      sessionId,
      data: { connectedAt: isoTime },
      chatbotId,
    });
    expect((await client.send('GET', `/qr-code/${sessionId}`)).body).toEqual({ qrCode: null, status: 'connected' });
    expect((await client.send('POST', '/init', { sessionId })).body).toEqual({
      success: true,
      sessionId,
      status: 'connected',
    });
  });

  it('GET /status/:sessionId', async () => {
    expect(await client.send('GET', `/status/${sessionId}`)).toEqual({
      status: 200,
      body: { sessionId, status: 'connected', lastConnectedAt: isoTime },
    });
    expect(await client.send('GET', '/status/nobody')).toEqual({
      status: 404,
      body: { success: false, error: expect.any(String), code: 'INSTANCE_NOT_FOUND' },
    });
  });

  it('POST /send', async () => {
    const message = 'Hola, ¿cómo estás?';
    const answer = await client.send('POST', '/send', { sessionId, to: ann.phone, message });
    expect(answer).toEqual({ status: 200, body: { success: true, messageId: expect.any(String) } });
    const shown = await eventually(
      async () =>
        (await running.fleet.simulator.inbox(ann.phone)).entries.find(({ id }) => id === answer.body.messageId),
      { message: 'It is shown' },
    );
    expect(shown).toMatchObject({ text: message, sender: linked.phone });
    expect((await client.send('POST', '/send', { sessionId, to: ann.phone })).status).toBe(400);
    expect((await client.send('POST', '/send', { sessionId: 'nobody', to: ann.phone, message })).status).toBe(404);
  });

  it('Notificaciones al Backend: Mensaje Entrante', async () => {
    const messageId = await running.fleet.simulator.contactSend(ann.phone, linked.phone, 'Hola');
    expect(await posted('/whatsapp-qr/incoming', ({ message }) => message === 'Hola')).toEqual({
      sessionId,
      from: ann.phone,
      message: 'Hola',
      timestamp: isoTime,
      messageId,
      chatbotId,
    });
  });

  it('Reconexión Automática', async () => {
    await running.fleet.simulator.fault('drop', { phone: linked.phone });
    expect(
      await posted('/whatsapp-qr/webhook', ({ type, data }) => {
        return type === 'disconnected' && data?.reason === 'connection_lost';
      }),
    ).toMatchObject({ sessionId, chatbotId });
    await waitStatus('connected');
  });

  it('POST /disconnect, and Notificaciones al Backend: Desconexión', async () => {
    expect(await client.send('POST', '/disconnect', { sessionId })).toEqual({
      status: 200,
      body: { success: true, message: 'Session disconnected' },
    });
    expect(
      await posted('/whatsapp-qr/webhook', ({ type, data }) => type === 'disconnected' && data?.reason === 'logout'),
    ).toEqual({ type: 'disconnected', sessionId, data: { reason: 'logout' }, chatbotId });
    await waitStatus('disconnected');
    expect((await client.send('GET', `/status/${sessionId}`)).body.lastConnectedAt).toEqual(isoTime);
    expect((await client.send('POST', '/send', { sessionId, to: ann.phone, message: 'x' })).status).toBe(400);
    expect((await client.send('POST', '/disconnect', { sessionId: 'nobody' })).status).toBe(404);
  });

  it('Variables de Entorno: PORT and BACKEND_URL of a port that is bound to the tenant', async () => {
    const { fleet, tenant } = running;
    const port = await freePort();
    await fleet.addGateway({ COMPAT_BINDINGS: `qr-service=${port}:${tenant.tenant.id} BACKEND_URL=${backend}/bound` });
    const bound = new DialectClient(`http://127.0.0.1:${port}`);
    const begun = await bound.send('POST', '/init', { sessionId: 'second', chatbotId: 'another' });
    expect(begun.body).toEqual({ success: true, sessionId: 'second', status: 'connecting' });
    expect(await posted('/bound/whatsapp-qr/webhook', ({ type }) => type === 'qr')).toMatchObject({
      sessionId: 'second',
      chatbotId: 'another',
    });
    expect((await bound.send('POST', '/disconnect', { sessionId: 'second' })).status).toBe(200);
    await waitStatus('disconnected', 'second');
  });
});
