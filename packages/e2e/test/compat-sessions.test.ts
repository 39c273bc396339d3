import { type Contact, eventually, freePort, type LinkedPhone } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { DialectClient } from './dialect-client.ts';
import { oneFleet } from './one-fleet.ts';

/** Time as the document writes it. */
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const id = expect.stringMatching(/^[0-9a-f]{24}$/);
const code = expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);

// Headings are those of the document of WhatsApp API (Baileys + REST).
describe('WhatsApp API (Baileys + REST)', () => {
  const running = oneFleet();
  let client: DialectClient;
  let linked: LinkedPhone;
  let ann: Contact;

  const session = async (name: string) => (await client.send('GET', `/api/sessions/${name}`)).body;
  const waitStatus = (name: string, status: string) =>
    eventually(async () => (await session(name)).status === status, {
      timeoutMs: 30_000,
      message: `${name} is ${status}`,
    });
  const inbox = async () => (await running.fleet.simulator.inbox(ann.phone)).entries;
  const messages = async (query = '') => (await client.send('GET', `/api/sessions/loja-01/messages${query}`)).body;

  beforeAll(async () => {
    const { fleet, tenant } = running;
    client = new DialectClient(`${fleet.api.url}/compat/sessions`, { 'x-api-key': tenant.key });
    ann = await fleet.simulator.createContact({ name: 'Ann' });
  });

  describe('Saúde', () => {
    it('GET /health', async () => {
      // Probes have no key.
      expect(await new DialectClient(client.url).send('GET', '/health')).toEqual({
        status: 200,
        body: { status: 'ok', timestamp: isoTime },
      });
    });
  });

  describe('Sessões', () => {
    it('POST /api/sessions', async () => {
      expect(await client.send('POST', '/api/sessions', { sessionId: 'loja-01', label: 'Loja Centro' })).toEqual({
        status: 201,
        body: {
          _id: id,
          sessionId: 'loja-01',
          label: 'Loja Centro',
          status: 'idle',
          createdAt: isoTime,
          updatedAt: isoTime,
        },
      });
      // "se omitido será gerado automaticamente"
      const { status, body } = await client.send('POST', '/api/sessions');
      expect(status).toBe(201);
      expect(body.sessionId).toMatch(/^[\w-]{8,64}$/);
      expect((await client.send('DELETE', `/api/sessions/${body.sessionId}`)).status).toBe(200);
      // "Tentar criar sessão com `sessionId` duplicado"
      expect(await client.send('POST', '/api/sessions', { sessionId: 'loja-01' })).toEqual({
        status: 409,
        body: { error: expect.stringContaining('loja-01'), message: expect.any(String), code: 'ALIAS_TAKEN' },
      });
    });

    it('GET /api/sessions/:sessionId/qr', async () => {
      const { status, body } = await client.send('GET', '/api/sessions/loja-01/qr');
      expect(status).toBe(200);
      expect(body).toEqual({
        sessionId: 'loja-01',
        available: true,
        qrCode: expect.stringMatching(/^.{50,}$/),
        qrCodeUpdatedAt: isoTime,
        status: 'waiting-qr',
      });
      expect(Math.abs(Date.now() - Date.parse(body.qrCodeUpdatedAt))).toBeLessThan(60_000);
      expect((await client.send('GET', '/api/sessions/nenhuma/qr')).status).toBe(404);
    });

    it('GET /api/sessions', async () => {
      expect(await client.send('GET', '/api/sessions')).toEqual({
        status: 200,
        body: {
          items: [
            {
              sessionId: 'loja-01',
              status: 'waiting-qr',
              phoneNumber: null,
              pairingCode: null,
              qrCodeUpdatedAt: isoTime,
            },
          ],
        },
      });
    });

    it('Fluxo de conexão: by QR code', async () => {
      const { qrCode } = (await client.send('GET', '/api/sessions/loja-01/qr')).body;
      linked = await running.fleet.simulator.scanQr(qrCode);
      await waitStatus('loja-01', 'connected');
      expect((await client.send('GET', '/api/sessions/loja-01/qr')).body).toEqual({
        sessionId: 'loja-01',
        available: false,
        qrCode: null,
        qrCodeUpdatedAt: null,
        status: 'connected',
      });
    });

    it('GET /api/sessions/:sessionId', async () => {
      expect(await client.send('GET', '/api/sessions/loja-01')).toEqual({
        status: 200,
        body: {
          _id: id,
          sessionId: 'loja-01',
          label: 'Loja Centro',
          status: 'connected',
          phoneNumber: linked.phone,
          pairingCode: null,
          pairingCodeExpiresAt: null,
          qrCode: null,
          qrCodeUpdatedAt: null,
          createdAt: isoTime,
          updatedAt: isoTime,
        },
      });
      expect(await client.send('GET', '/api/sessions/nenhuma')).toMatchObject({
        status: 404,
        body: { code: 'INSTANCE_NOT_FOUND' },
      });
    });

    it('POST /api/sessions/:sessionId/pairing-code, and Fluxo de conexão: by code', async () => {
      await client.send('POST', '/api/sessions', { sessionId: 'loja-02', label: 'Loja Norte' });
      const phone = '5511999999999';
      const path = '/api/sessions/loja-02/pairing-code';
      const { status, body } = await client.send('POST', path, { phoneNumber: phone });
      expect(status).toBe(200);
      expect(body).toEqual({
        pairingCode: code,
        session: {
          sessionId: 'loja-02',
          status: 'waiting-code',
          pairingCode: body.pairingCode,
          pairingCodeExpiresAt: isoTime,
        },
      });
      expect(Date.parse(body.session.pairingCodeExpiresAt)).toBeGreaterThan(Date.now());
      expect(await session('loja-02')).toMatchObject({ status: 'waiting-code', pairingCode: body.pairingCode });
      const items = (await client.send('GET', '/api/sessions')).body.items;
      expect(items[1]).toMatchObject({ sessionId: 'loja-02', status: 'waiting-code', pairingCode: body.pairingCode });
      const waiting = (await client.send('GET', '/api/metrics')).body.sessions;
      expect(waiting).toEqual({
        total: 2,
        byStatus: { connected: 1, 'waiting-code': 1 },
        active: 1,
        waiting: 1,
      });

      await running.fleet.simulator.enterCode(phone, body.pairingCode.replace('-', ''));
      await waitStatus('loja-02', 'connected');

      expect((await client.send('POST', path, { phoneNumber: phone })).status).toBe(409);
      expect((await client.send('POST', path, { phoneNumber: 'telefone' })).status).toBe(400);
      expect((await client.send('POST', path, {})).status).toBe(400);
      const nobody = await client.send('POST', '/api/sessions/nenhuma/pairing-code', { phoneNumber: phone });
      expect(nobody.status).toBe(404);
    });
  });

  describe('Mensagens', () => {
    it('POST /api/sessions/:sessionId/messages', async () => {
      const path = '/api/sessions/loja-01/messages';
      const { status, body } = await client.send('POST', path, { to: ann.phone, message: 'Olá, tudo bem?' });
      expect({ status, body }).toEqual({ status: 201, body: { messageId: expect.any(String), status: 'sent' } });
      const shown = await eventually(async () => (await inbox()).find((each) => each.id === body.messageId), {
        message: 'It is shown',
      });
      expect(shown).toMatchObject({ text: 'Olá, tudo bem?', sender: linked.phone });

      expect((await client.send('POST', path, { to: ann.phone, message: '' })).status).toBe(400);
      expect((await client.send('POST', path, { message: 'Olá' })).status).toBe(400);
      expect((await client.send('POST', path, { to: 'telefone', message: 'Olá' })).status).toBe(400);
      expect(
        (await client.send('POST', '/api/sessions/nenhuma/messages', { to: ann.phone, message: 'x' })).status,
      ).toBe(404);
      await client.send('POST', '/api/sessions', { sessionId: 'desconectada' });
      // "sessão não conectada para envio"
      const away = await client.send('POST', '/api/sessions/desconectada/messages', { to: ann.phone, message: 'x' });
      expect(away).toMatchObject({ status: 400, body: { code: 'INSTANCE_NOT_CONNECTED' } });
      await client.send('DELETE', '/api/sessions/desconectada');
    });

    it('POST …/messages: "Falha inesperada", and what is counted of it', async () => {
      await running.fleet.simulator.fault('refuse-messages', { phone: linked.phone, code: '463', count: 1 });
      const refused = await client.send('POST', '/api/sessions/loja-01/messages', { to: ann.phone, message: 'Falha' });
      expect(refused).toMatchObject({ status: 500, body: { code: 'REFUSED_BY_WHATSAPP' } });
    });

    it('GET /api/sessions/:sessionId/messages', async () => {
      await running.fleet.simulator.contactSend(ann.phone, linked.phone, 'Oi');
      const incoming = await eventually(
        async () => {
          const answer = await messages('?limit=50&direction=incoming');
          return answer.items.length > 0 ? answer : undefined;
        },
        { timeoutMs: 20_000, message: 'It is listed' },
      );
      expect(incoming).toEqual({
        limit: 50,
        items: [
          {
            sessionId: 'loja-01',
            direction: 'incoming',
            from: ann.phone,
            to: linked.phone,
            text: 'Oi',
            messageTimestamp: isoTime,
          },
        ],
      });
      const outgoing = await messages('?direction=outgoing');
      expect(outgoing.items.at(-1)).toEqual({
        sessionId: 'loja-01',
        direction: 'outgoing',
        from: linked.phone,
        to: ann.phone,
        text: 'Olá, tudo bem?',
        messageTimestamp: isoTime,
      });
      expect((await messages()).items).toHaveLength(outgoing.items.length + 1);
      expect(await messages('?limit=1')).toMatchObject({ limit: 1, items: [{}] });
      expect(await messages('?limit=1000')).toMatchObject({ limit: 200 });
      expect((await messages('?before=2020-01-01T00:00:00.000Z')).items).toEqual([]);
      const later = new Date(Date.now() + 60_000).toISOString();
      expect((await messages(`?before=${later}`)).items.length).toBeGreaterThan(1);
      for (const query of ['?before=ontem', '?limit=0', '?direction=both'])
        expect((await client.send('GET', `/api/sessions/loja-01/messages${query}`)).status).toBe(400);
      // "mensagens de sessão inexistente"
      expect((await client.send('GET', '/api/sessions/nenhuma/messages')).status).toBe(404);
    });
  });

  describe('Métricas', () => {
    const latest = {
      direction: 'incoming',
      status: 'received',
      text: 'Oi',
      messageTimestamp: isoTime,
    };

    it('GET /api/metrics', async () => {
      const { status, body } = await client.send('GET', '/api/metrics');
      expect(status).toBe(200);
      expect(body).toEqual({
        generatedAt: isoTime,
        sessions: { total: 2, byStatus: { connected: 2 }, active: 2, waiting: 0 },
        messages: {
          total: 3,
          incoming: 1,
          outgoing: 2,
          failed: 1,
          last24h: { total: 3, failed: 1 },
          latest: expect.arrayContaining([{ sessionId: 'loja-01', ...latest }]),
        },
      });
      expect(body.messages.latest).toHaveLength(3);
    });

    it('GET /api/metrics/sessions/:sessionId', async () => {
      const { status, body } = await client.send('GET', '/api/metrics/sessions/loja-01');
      expect(status).toBe(200);
      expect(body).toEqual({
        sessionId: 'loja-01',
        status: 'connected',
        totals: { messages: 3, failed: 1 },
        directions: { incoming: 1, outgoing: 2 },
        statuses: { sent: 1, received: 1, failed: 1 },
        last24h: { total: 3, failed: 1 },
        latestMessages: expect.arrayContaining([
          latest,
          { direction: 'outgoing', status: 'failed', text: 'Falha', messageTimestamp: isoTime },
          { direction: 'outgoing', status: 'sent', text: 'Olá, tudo bem?', messageTimestamp: isoTime },
        ]),
      });
      expect((await client.send('GET', '/api/metrics/sessions/nenhuma')).status).toBe(404);
    });
  });

  it('DELETE /api/sessions/:sessionId/messages', async () => {
    expect(await client.send('DELETE', '/api/sessions/loja-01/messages')).toEqual({
      status: 200,
      body: { success: true },
    });
    expect((await messages()).items).toEqual([]);
    expect((await client.send('DELETE', '/api/sessions/nenhuma/messages')).status).toBe(404);
  });

  it('Variáveis de ambiente: PORT and PAIRING_CODE_TTL of a port that is bound to the tenant', async () => {
    const { fleet, tenant } = running;
    const port = await freePort();
    await fleet.addGateway({ COMPAT_BINDINGS: `sessions=${port}:${tenant.tenant.id} PAIRING_CODE_TTL=30000` });
    const bound = new DialectClient(`http://127.0.0.1:${port}`);
    await bound.send('POST', '/api/sessions', { sessionId: 'loja-03' });
    const { body } = await bound.send('POST', '/api/sessions/loja-03/pairing-code', { phoneNumber: '5511988887777' });
    expect(Date.parse(body.session.pairingCodeExpiresAt)).toBeLessThan(Date.now() + 31_000);
    expect((await bound.send('DELETE', '/api/sessions/loja-03')).body).toEqual({ success: true });
  });

  it('DELETE /api/sessions/:sessionId', async () => {
    expect(await client.send('DELETE', '/api/sessions/loja-01')).toEqual({ status: 200, body: { success: true } });
    expect((await client.send('GET', '/api/sessions/loja-01')).status).toBe(404);
    expect((await client.send('DELETE', '/api/sessions/loja-01')).status).toBe(404);
    // "Faz logout"
    await eventually(async () => (await running.fleet.simulator.account(linked.phone)).devices.length === 0, {
      timeoutMs: 30_000,
      message: 'The phone has no linked device any more',
    });
  });
});
