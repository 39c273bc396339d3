import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FlotillaEvent, Instance } from '@flotilla/contracts';
import { Child, eventually, type Fleet, startFleet, type TenantClient } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { afterAll, beforeAll, describe, it, onTestFailed } from 'vitest';

let fleet: Fleet;
let tenant: TenantClient;
beforeAll(async () => {
  fleet = await startFleet();
  tenant = await fleet.api.newTenant();
  await fleet.addWebhook(tenant);
});
afterAll(() => fleet.stop());

/** An open instance, and what WhatsApp does to it. */
async function linkedInstance() {
  const { id, linked } = await tenant.pairedInstance(fleet.simulator);
  const { phone } = linked;
  const began = Date.now();
  return {
    id,
    phone,
    /** Refuses the next logins, and cuts the connection. */
    async refuse(reason: number, more: { count?: number; expire?: number } = {}) {
      await fleet.simulator.fault('reject-logins', { phone, reason, count: 1, ...more });
      await fleet.simulator.fault('drop', { phone });
    },
    /** Logins since it was open, oldest first: reasons of those that were refused. */
    async logins() {
      return (await fleet.simulator.logins(began)).filter((each) => each.phone === phone);
    },
    /** States that webhooks told since it was open. */
    told: () =>
      (fleet.receiver.events as FlotillaEvent[]).flatMap((event) =>
        event.instance === id && event.type === 'connection.update' && event.occurredAt >= began ? [event.data] : [],
      ),
    /** Whether there are credentials, sealed as they are. */
    async hasCredentials() {
      const redis = connectRedis(fleet.redis.url, { name: 'test', manner: 'patient' });
      try {
        return (await redis.hexists(`fl:{${id}}:auth`, 'creds')) === 1;
      } finally {
        redis.disconnect();
      }
    },
  };
}

const seconds = (since: number) => (performance.now() - since) / 1_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent('what WhatsApp does to one connection:', { timeout: 170_000 }, () => {
  it('a server that neither reads nor answers is noticed within 40 s, and nothing is lost', async ({ expect }) => {
    const { id, phone, logins } = await linkedInstance();
    const { phone: contact } = await fleet.simulator.createContact();
    const since = performance.now();
    await fleet.simulator.fault('freeze', { phone, ms: 170_000 });
    const { messageId } = await tenant.sendText(id, contact, 'into the silence');
    await fleet.simulator.contactSend(contact, phone, 'out of the silence');
    await eventually(async () => (await logins()).length > 0, { timeoutMs: 80_000, message: 'It logs in anew' });
    expect(seconds(since)).toBeLessThan(40);
    await tenant.waitMessage(id, messageId, 'delivered', { timeoutMs: 60_000 });
    await fleet.receiver.waitFor(({ body }) => body.includes('out of the silence'), 30_000);
    const texts = (await fleet.simulator.inbox(contact)).entries.map(({ text }) => text);
    expect(texts).toEqual(['into the silence']);
  });

  it('a login that gets no answer is given up, and tried again', async ({ expect }) => {
    const { id, phone, logins } = await linkedInstance();
    await fleet.simulator.fault('ignore-logins', { phone, count: 1 });
    await fleet.simulator.fault('drop', { phone });
    await eventually(async () => (await logins()).length === 2, { timeoutMs: 80_000, message: 'A second login' });
    await tenant.waitOpen(id, { timeoutMs: 30_000 });
    expect((await logins()).map(({ refused }) => refused)).toEqual(['unanswered', undefined]);
  });

  it('503 is tried again, later each time', async ({ expect }) => {
    const { id, refuse, logins, told } = await linkedInstance();
    await refuse(503, { count: 3 });
    await eventually(async () => (await logins()).length === 4, { timeoutMs: 60_000, message: 'A fourth login' });
    await tenant.waitOpen(id);
    expect((await logins()).map(({ refused }) => refused)).toEqual(['503', '503', '503', undefined]);
    expect(told()).toContainEqual({ state: 'backing-off', code: 503 });
  });

  it('515 is followed at once, but not when it comes after each login', async ({ expect }) => {
    const { id, phone, logins, told } = await linkedInstance();
    for (let times = 1; times <= 3; times += 1) {
      await fleet.simulator.fault('stream-error', { phone, code: 515 });
      await eventually(async () => (await logins()).length === times, { timeoutMs: 30_000 });
      await tenant.waitOpen(id);
    }
    await eventually(() => told().some(({ state }) => state === 'open'));
    expect(told()).toContainEqual({ state: 'backing-off', code: 515 });
  });

  it('401 wipes the credentials and says so', async ({ expect }) => {
    const { id, refuse, told, hasCredentials, logins } = await linkedInstance();
    expect(await hasCredentials()).toBe(true);
    await refuse(401);
    const closed = await tenant.waitState(id, 'closed', { reason: 'logged-out' });
    expect(closed).toMatchObject({ paired: false, status: { code: 401 } });
    expect(await hasCredentials()).toBe(false);
    await eventually(() => told().some(({ reason }) => reason === 'logged-out'));
    expect(await logins()).toHaveLength(1);
  });

  it.each([403, 406])('%s parks it, keeps the credentials, and tries nothing until somebody asks', async (code) => {
    const { id, refuse, told, hasCredentials, logins } = await linkedInstance();
    await refuse(code);
    const closed = await tenant.waitState(id, 'closed', { reason: 'refused' });
    await eventually(() => told().some(({ reason }) => reason === 'refused'));
    await pause(5_000);
    const state = { code: closed.status.code, logins: (await logins()).length, kept: await hasCredentials() };
    if (state.code !== code || state.logins !== 1 || !state.kept) throw new Error(JSON.stringify(state));
    await tenant.connect(id);
    await tenant.waitOpen(id);
  });

  it('402 parks it until the ban is over, and then it comes back by itself', async ({ expect }) => {
    const { id, refuse, told, logins } = await linkedInstance();
    const since = Date.now();
    await refuse(402, { expire: 12 });
    const { status } = await tenant.waitState(id, 'closed', { reason: 'banned' });
    expect(status.code).toBe(402);
    expect(status.retryAt).toBeGreaterThan(since + 11_000);
    await eventually(() => told().some(({ reason }) => reason === 'banned'));
    await eventually(async () => (await logins()).length === 2, { timeoutMs: 60_000, message: 'The ban is over' });
    expect((await logins())[1]?.at).toBeGreaterThanOrEqual(since + 12_000);
    await tenant.waitOpen(id);
  });

  it('402 without an end parks it until somebody asks', async ({ expect }) => {
    const { id, refuse, logins } = await linkedInstance();
    await refuse(402);
    const { status } = await tenant.waitState(id, 'closed', { reason: 'banned' });
    expect(status.retryAt).toBeUndefined();
    await pause(5_000);
    expect(await logins()).toHaveLength(1);
  });

  it('405 is tried again', async ({ expect }) => {
    const { id, refuse, logins, told } = await linkedInstance();
    await refuse(405);
    await eventually(async () => (await logins()).length === 2, { timeoutMs: 30_000 });
    await tenant.waitOpen(id);
    expect(told()).toContainEqual({ state: 'backing-off', code: 405 });
  });

  it('a login with the same credentials from elsewhere is not fought: half a minute each, parked after the third', async ({
    expect,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-foreign-'));
    const contact = await fleet.simulator.createContact();
    const rootKey = await fleet.simulator.rootKey();
    const foreign = () =>
      Child.start({
        name: 'somebody else',
        command: process.execPath,
        args: [fileURLToPath(new URL('./old-service.ts', import.meta.url))],
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          FOLDER: folder,
          WHATSAPP_URL: fleet.simulator.whatsappUrl,
          ROOT_KEY: rootKey,
          CONTACT: contact.phone,
        },
      });
    const first = await foreign();
    onTestFailed(() => console.error(first.logs().slice(-5)));
    const qr = await eventually(
      () => first.logs().flatMap((line) => (line.startsWith('{"qr"') ? [String(JSON.parse(line).qr)] : []))[0],
      { timeoutMs: 30_000, message: 'Plain Baileys shows a QR code' },
    );
    const { phone } = await fleet.simulator.scanQr(qr);
    const greeted = async () => (await fleet.simulator.inbox(contact.phone)).entries.length;
    await eventually(async () => (await greeted()) === 1, { timeoutMs: 30_000, message: 'It greets its contact' });
    await fleet.simulator.contactSend(contact.phone, phone, 'hello');
    await eventually(() => first.logs().some((line) => line.startsWith('{"text"')), { timeoutMs: 30_000 });
    await first.stop({ timeoutMs: 20_000 });
    const names = await readdir(folder);
    const files = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
    );
    const { id } = await tenant.call<Instance>('POST', '/v1/instances/import', { body: { files }, timeoutMs: 60_000 });
    await tenant.connect(id);
    await tenant.waitOpen(id);

    const backOffs: number[] = [];
    for (let times = 1; times <= 3; times += 1) {
      const intruder = await foreign();
      if (times < 3) {
        const { status } = await tenant.waitState(id, 'backing-off');
        expect(status.code).toBe(440);
        backOffs.push((status.retryAt ?? 0) - status.since);
      } else {
        await tenant.waitState(id, 'closed', { reason: 'replaced' });
      }
      await eventually(async () => (await greeted()) === times + 1, { message: 'The other one greets its contact' });
      await intruder.stop({ timeoutMs: 20_000 });
      if (times < 3) await tenant.waitOpen(id, { timeoutMs: 60_000 });
    }
    expect(backOffs).toEqual([30_000, 30_000]);
    const before = await fleet.simulator.account(phone);
    await pause(3_000);
    expect((await fleet.simulator.account(phone)).logins).toBe(before.logins);
    await rm(folder, { recursive: true, force: true });
  });
});

describe('a web version that WhatsApp does not take any more', () => {
  it('is refused until the operator pins another one, without a restart', async () => {
    const { id, phone, logins } = await linkedInstance();
    const redis = connectRedis(fleet.redis.url, { name: 'test', manner: 'patient' });
    try {
      await fleet.simulator.fault('oldest-version', { version: '2.9000.1' });
      await fleet.simulator.fault('drop', { phone });
      await tenant.waitState(id, 'backing-off');
      await eventually(async () => (await logins()).some(({ refused }) => refused === '405'));
      await redis.hset('fl:web-version', 'pinned', '2.9000.1');
      await tenant.waitOpen(id, { timeoutMs: 60_000 });
    } finally {
      await redis.del('fl:web-version');
      redis.disconnect();
      await fleet.simulator.fault('clear', {});
    }
  });
});
