import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tenant } from '@flotilla/contracts';
import { type Fleet, TenantClient } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { readText } from './repository.ts';

const all = [...readText('README.md').matchAll(/^```sh\n(# [\s\S]*?)^```$/gm)].map(([, block = '']) => block);

/** The blocks of "First calls", in order: they begin with a numbered comment. */
const blocks = all.filter((block) => /^# \d+\. /.test(block));
/** What a reader without a phone runs between 4 and 5. */
const insteadOfPhone = all.filter((block) => block.startsWith('# Instead of a phone.'));

/** Who the README writes to, as the simulator knows that number. */
const contactPhone = '14155550123';

/**
 * Scans whatever QR code the fleet shows, until the signal. The README leaves this to a person with a phone; here the
 * operator gives itself a key for each tenant that appears, and the simulator's phone scans what that tenant's
 * instances show.
 */
async function scanEveryQrCode({ api, simulator, operatorKey }: Fleet, signal: AbortSignal): Promise<void> {
  const clients = new Map<string, TenantClient>();
  while (!signal.aborted) {
    const tenants = await api.call<{ items: Tenant[] }>('GET', '/v1/tenants', {
      key: operatorKey,
    });
    for (const tenant of tenants.items) {
      const known = clients.get(tenant.id);
      const client = known ?? new TenantClient(api, tenant, (await api.createKey(tenant.id)).key);
      clients.set(tenant.id, client);
      const { items } = await client.call<{ items: { id: string; status: { state: string } }[] }>(
        'GET',
        '/v1/instances',
      );
      for (const { id, status } of items) {
        if (status.state !== 'pairing') continue;
        // The code may have been replaced or used between asking and scanning: the next round sees.
        await client
          .qr(id, 0)
          .then(({ qr }) => simulator.scanQr(qr))
          .catch(() => {});
      }
    }
    await sleep(500, undefined, { signal }).catch(() => {});
  }
}

/** Runs a script, and gives what it wrote. */
function runShell(script: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: mkdtempSync(join(tmpdir(), 'flotilla-readme-')),
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 90_000,
    });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    shell.once('error', reject);
    shell.once('close', (code) => resolve({ code, output }));
  });
}

describe('the first calls of the README', () => {
  const scene = oneFleet();

  it('are numbered, in order', () => {
    expect(blocks.map((block) => Number(/^# (\d+)/.exec(block)?.[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('work as they stand', { timeout: 120_000 }, async () => {
    const { fleet } = scene;
    await fleet.simulator.createContact({ phone: contactPhone });
    const done = new AbortController();
    const scanning = scanEveryQrCode(fleet, done.signal);
    // Between two blocks, what a reader would see in their shell.
    const marked = blocks.map((block, index) => `${block}\nprintf '\\n=== ${index + 1}\\n'`);
    const tell = 'printf "%s\\n" "$TENANT" "$API_KEY" "$INSTANCE" "$WEBHOOK" "$MESSAGE"';
    const { code, output } = await runShell([...marked, tell].join('\n'), {
      FLOTILLA_URL: fleet.api.url,
      OPERATOR_KEY: fleet.operatorKey,
      WEBHOOK_URL: fleet.receiver.url,
    }).finally(() => done.abort());
    await scanning;
    expect(code, output).toBe(0);

    const [, , connect = '', qr = '', , , , picture = '', last = '', names = ''] = output.split(/\n=== \d+\n/);
    expect(JSON.parse(connect).status.state).toMatch(/new|waiting|connecting|pairing/);
    // Blocks of a terminal, wide enough to be scanned.
    expect(qr).toMatch(/[▀▄█]{10}/);
    const [message, deliveries] = last.trim().split(/(?<=\})(?=\{)/);
    const [tenant = '', key = '', instance = '', webhook = '', messageId = ''] = names.trim().split('\n');
    expect(tenant).toMatch(/^ten_/);
    expect(key).toMatch(/^flk_/);
    expect(webhook).toMatch(/^wh_/);
    expect(JSON.parse(message ?? '')).toMatchObject({ messageId, instance, to: `${contactPhone}@s.whatsapp.net` });
    expect(['acked', 'delivered', 'read']).toContain(JSON.parse(message ?? '').status);
    expect(JSON.parse(deliveries ?? '').items).toBeInstanceOf(Array);

    const { entries } = await fleet.simulator.inbox(contactPhone);
    expect(entries).toMatchObject([
      { id: messageId, text: 'Your order is on its way' },
      { id: JSON.parse(picture).messageId, text: 'On its way' },
    ]);
    await fleet.receiver.waitFor(({ json }) => (json as { data: { id?: string } }).data.id === messageId);
  });

  it('work without a phone too, against the simulator', { timeout: 120_000 }, async () => {
    const { fleet } = scene;
    expect(insteadOfPhone).toHaveLength(1);
    const script = [...blocks.slice(0, 4), ...insteadOfPhone, ...blocks.slice(4, 7), 'printf "\\n%s\\n" "$MESSAGE"'];
    const { code, output } = await runShell(script.join('\n'), {
      FLOTILLA_URL: fleet.api.url,
      OPERATOR_KEY: fleet.operatorKey,
      SIMULATOR_URL: fleet.simulator.url,
      WEBHOOK_URL: fleet.receiver.url,
    });
    expect(code, output).toBe(0);
    const messageId = output.trim().split('\n').at(-1);
    const { entries } = await fleet.simulator.inbox(contactPhone);
    expect(entries.map(({ id }) => id)).toContain(messageId);
    // The contact's answer.
    await fleet.receiver.waitFor(
      ({ json }) =>
        (json as { data: { message?: { text?: string } } }).data.message?.text === 'echo: Your order is on its way',
    );
  });
});
