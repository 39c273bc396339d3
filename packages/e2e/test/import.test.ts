import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlotillaEvent, Instance } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, filesOf, oldService, postImport as post, run, talk } from './moving.ts';
import { oneFleet } from './one-fleet.ts';

interface ErrorAnswer {
  code: string;
  message: string;
}

const commandScript = new URL('../../cli/src/main.ts', import.meta.url);

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'flotilla-import-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The folder of somebody who knows many people, and has a whole set of pre-keys. */
function large(files: Files, sessions: number): Files {
  const [, session] = Object.entries(files).find(([name]) => name.startsWith('session-')) ?? [];
  if (session === undefined) throw new Error('There is no session');
  const more = Array.from({ length: sessions }, (_, n) => [`session-${19990000000 + n}_1.0.json`, session]);
  return { ...Object.fromEntries(more), ...files };
}

describe('moving in', () => {
  const running = oneFleet({ workers: 2 });
  beforeAll(async () => void (await running.fleet.addWebhook(running.tenant)));

  it('with the command: the number opens without a QR code, and goes on talking with whom it knows', async () => {
    const { fleet, tenant } = running;
    const moving = await oldService(fleet, root, 'shop');
    const before = await fleet.simulator.counters();

    const environment = { FLOTILLA_API_KEY: tenant.key, FLOTILLA_URL: tenant.api.url };
    const command = async (...options: string[]) => {
      const args = ['import', join(root, 'sessions'), '--connect', ...options];
      const child = await run('flotilla', commandScript, args, environment);
      return { code: (await child.exited).code, text: child.logs().join('\n') };
    };
    const hasty = await command();
    expect(hasty).toMatchObject({ code: 1, text: expect.stringContaining('Is the old service still running?') });
    const { code, text } = await command('--yes', '--alias', 'shop');
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringMatching(/imported .+ins_\w+ \(connecting\)/) });
    const { phone, jid, device } = moving.linked;
    expect(text).toContain(`+${phone}, device ${device}`);

    const { id, ...open } = await tenant.waitOpen('shop');
    expect(open).toMatchObject({ paired: true, status: { jid, phone } });
    await talk(fleet, tenant, id, moving);
    const { links, undecryptable, conflicts, overlaps, retryReceiptsFromClients } = await fleet.simulator.counters();
    expect({ links, undecryptable, conflicts, overlaps, retryReceiptsFromClients }).toEqual({
      links: before.links,
      undecryptable: 0,
      conflicts: 0,
      overlaps: 0,
      retryReceiptsFromClients: 0,
    });
    expect((await fleet.simulator.account(phone)).devices).toMatchObject([{ device, connected: true }]);
    const qr = (fleet.receiver.events as FlotillaEvent[]).filter(({ type }) => type === 'qrcode.updated');
    expect(qr).toEqual([]);

    const again = await command('--yes');
    expect(again).toMatchObject({ code: 1, text: expect.stringContaining(`into instance ${id}`) });
  });

  it('once: a device is in one instance only, until that has been logged out', async () => {
    const { fleet, tenant } = running;
    const { folder, linked } = await oldService(fleet, root, 'once');
    const files = await filesOf(folder);
    // All at the same moment: one of them gets it.
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => post<Instance & ErrorAnswer>(tenant, { name: `Try ${n}`, files })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'DEVICE_IN_USE']));
    const { id } = answers.find(({ status }) => status === 201)?.body ?? { id: '' };
    const { items } = await tenant.call<{ items: Instance[] }>('GET', '/v1/instances?limit=100');
    expect(items.filter(({ name }) => name.startsWith('Try '))).toMatchObject([{ id, paired: true }]);

    const stranger = await fleet.api.newTenant();
    const refused = await post<ErrorAnswer>(stranger, { files });
    expect(refused).toMatchObject({ status: 409, body: { code: 'DEVICE_IN_USE' } });
    expect(refused.body.message).not.toContain(id);
    expect((await stranger.call<{ items: Instance[] }>('GET', '/v1/instances')).items).toEqual([]);

    expect(await post(tenant, { files }, id)).toMatchObject({ status: 409, body: { code: 'ALREADY_PAIRED' } });
    const other = await tenant.pairedInstance(fleet.simulator);
    expect(await post(tenant, { files }, other.id)).toMatchObject({ status: 409, body: { code: 'ALREADY_PAIRED' } });
    expect((await tenant.instance(other.id)).status).toMatchObject({ state: 'open', jid: other.linked.jid });

    await tenant.connect(id);
    expect((await tenant.waitOpen(id)).status.jid).toBe(linked.jid);
    await tenant.logout(id);
    await tenant.waitState(id, 'closed', { reason: 'logged-out' });
    // Of no use, as the phone has removed the device, but nobody else's any more.
    const { status, body } = await post(stranger, { files, connect: true });
    expect(status).toBe(201);
    await stranger.waitState(body.id, 'closed', { reason: 'logged-out' });
  });

  it('into an instance that waits for its QR code to be scanned: it connects, and needs no code', async () => {
    const { fleet, tenant } = running;
    const moving = await oldService(fleet, root, 'waiting');
    const { id } = await tenant.createInstance({ name: 'Waits' });
    await tenant.connect(id);
    const { qr } = await tenant.qr(id);
    // As a form this time: each file under its name.
    const form = new FormData();
    for (const [name, text] of Object.entries(await filesOf(moving.folder)))
      form.append('files', new File([text], name));
    const answer = await fetch(`${tenant.api.url}/v1/instances/${id}/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.key}` },
      body: form,
    });
    expect(answer.status).toBe(200);
    expect((await tenant.waitOpen(id)).status.jid).toBe(moving.linked.jid);
    await expect(fleet.simulator.scanQr(qr)).rejects.toThrow();
    await talk(fleet, tenant, id, moving);
  });

  it('with thousands of sessions', async () => {
    const { fleet, tenant } = running;
    const moving = await oldService(fleet, root, 'large');
    const files = large(await filesOf(moving.folder), 4_000);
    expect(Object.keys(files).filter((name) => name.startsWith('pre-key-')).length).toBeGreaterThan(800);
    const { status, body } = await post(tenant, { files, connect: true });
    expect(status).toBe(201);
    await tenant.waitOpen(body.id);
    await talk(fleet, tenant, body.id, moving);
  });

  it('is refused with the reason, and leaves nothing', async () => {
    const { fleet, tenant } = running;
    const { folder } = await oldService(fleet, root, 'refused');
    const files = await filesOf(folder);
    const creds = JSON.parse(files['creds.json'] ?? '');
    const { 'creds.json': _, ...withoutCreds } = files;
    const instances = async () => (await tenant.call<{ items: Instance[] }>('GET', '/v1/instances?limit=100')).items;
    const before = (await instances()).length;
    const cases: [Files, string][] = [
      [withoutCreds, 'creds.json: is missing'],
      [{ ...files, 'creds.json': JSON.stringify({ ...creds, me: undefined }) }, 'creds.json: me is missing'],
      [{ ...files, 'pre-key-1.json': '{"public' }, 'pre-key-1.json: is no JSON'],
      [{ ...files, 'database.json': '{}' }, 'database.json: is not a file'],
    ];
    for (const [wrong, reason] of cases) {
      const { status, body } = await post<ErrorAnswer>(tenant, { files: wrong });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'AUTH_FOLDER_REFUSED' });
      expect(body.message).toContain(reason);
    }
    expect((await instances()).length).toBe(before);
    expect((await post(tenant, { files })).status).toBe(201);
  });
});

describe('a worker that dies during an import', () => {
  const running = oneFleet({ workers: 0 });
  beforeAll(async () => void (await running.fleet.addWebhook(running.tenant)));
  const doomed = (point: string) => running.fleet.addWorker({ NODE_ENV: 'test', FAULT_POINTS: point });

  it.each(['crash-before-import', 'crash-after-import'])(
    '%s: all of it or nothing, and another one does it',
    async (point) => {
      const { fleet, tenant } = running;
      const moving = await oldService(fleet, root, point);
      const files = await filesOf(moving.folder);
      const { id } = await tenant.createInstance({ name: point });
      const first = await doomed(point);
      const posted = post(tenant, { files, connect: true }, id);
      expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
      expect((await tenant.instance(id)).paired).toBe(point === 'crash-after-import');
      const second = await fleet.addWorker();
      expect((await posted).status).toBe(200);
      await tenant.waitOpen(id);
      await talk(fleet, tenant, id, moving);
      expect(await fleet.simulator.counters()).toMatchObject({ conflicts: 0, overlaps: 0, undecryptable: 0 });
      await second.stop();
    },
  );

  it('and no other comes: nothing was imported, and it can be done again', async () => {
    const { fleet, tenant } = running;
    const moving = await oldService(fleet, root, 'nobody');
    const files = await filesOf(moving.folder);
    const first = await doomed('crash-before-import');
    const posted = post<ErrorAnswer>(tenant, { name: 'Nobody', files });
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await posted).toMatchObject({ status: 504, body: { code: 'IMPORT_TIMEOUT' } });
    const second = await fleet.addWorker();
    const again = await eventually(
      async () => {
        const answer = await post(tenant, { name: 'Again', files, connect: true });
        return answer.status === 201 && answer;
      },
      { timeoutMs: 40_000, message: 'It is imported' },
    );
    await tenant.waitOpen(again.body.id);
    await talk(fleet, tenant, again.body.id, moving);
    const { items } = await tenant.call<{ items: Instance[] }>('GET', '/v1/instances?limit=100');
    expect(items.filter(({ name }) => name === 'Nobody')).toEqual([]);
    await second.stop();
  });
});
