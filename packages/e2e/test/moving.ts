import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FlotillaEvent, Instance } from '@flotilla/contracts';
import { Child, type Contact, eventually, type Fleet, type LinkedPhone, type TenantClient } from '@flotilla/fleet';
import { expect, onTestFailed } from 'vitest';

/** A number that has left its old service. */
export interface Moving {
  folder: string;
  linked: LinkedPhone;
  contact: Contact;
}

/** Texts by the name of their file. */
export type Files = Record<string, string>;

const oldServiceScript = new URL('./old-service.ts', import.meta.url);

/** Starts a script as a process of its own. */
export const run = (name: string, script: URL, args: string[], env: Record<string, string>) =>
  Child.start({
    name,
    command: process.execPath,
    args: [fileURLToPath(script), ...args],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });

/**
 * Pairs a number with a process of plain Baileys, lets it talk with a contact, and stops it.
 * @param root folder for the folders of old services
 */
export async function oldService({ simulator }: Fleet, root: string, name: string): Promise<Moving> {
  const folder = join(root, 'sessions', name);
  const contact = await simulator.createContact({ name: 'Ann' });
  const child = await run('old service', oldServiceScript, [], {
    FOLDER: folder,
    WHATSAPP_URL: simulator.whatsappUrl,
    ROOT_KEY: await simulator.rootKey(),
    CONTACT: contact.phone,
  });
  onTestFailed(() => console.error(child.logs().slice(-10)));
  const said = (field: string): Promise<string> =>
    eventually(
      () => {
        const lines = child.logs().flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
        return lines.find((line) => field in line)?.[field];
      },
      { timeoutMs: 30_000, message: `The old service says ${field}` },
    );
  const linked = await simulator.scanQr(await said('qr'));
  expect(await said('open')).toBe(linked.jid);
  await shown(simulator, contact, 'from the old service');
  await simulator.contactSend(contact.phone, linked.phone, 'to the old service');
  expect(await said('text')).toBe('to the old service');
  await child.stop({ timeoutMs: 20_000 });
  await eventually(async () => !(await simulator.account(linked.phone)).connected);
  return { folder, linked, contact };
}

const shown = (simulator: Fleet['simulator'], contact: Contact, text: string) =>
  eventually(async () => (await simulator.inbox(contact.phone)).entries.some((entry) => entry.text === text), {
    timeoutMs: 20_000,
    message: `${text} is shown`,
  });

/** The files of an auth folder. */
export async function filesOf(folder: string): Promise<Files> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** Imports an auth folder, into a new instance or this one. */
export const postImport = <T = Instance>(tenant: TenantClient, body: object, id?: string) =>
  tenant.request<T>('POST', `/v1/instances/${id ? `${id}/` : ''}import`, { body, timeoutMs: 90_000 });

/** Both ways, between the instance and the contact that the old service has talked with. */
export async function talk(fleet: Fleet, tenant: TenantClient, id: string, { linked, contact }: Moving): Promise<void> {
  const { messageId } = await tenant.sendText(id, contact.phone, 'from the fleet');
  await tenant.waitMessage(id, messageId, 'delivered');
  await shown(fleet.simulator, contact, 'from the fleet');
  await fleet.simulator.contactSend(contact.phone, linked.phone, 'to the fleet');
  await fleet.receiver.waitFor(({ json }) => {
    const event = json as FlotillaEvent;
    return event.type === 'messages.upsert' && event.instance === id && event.data.message.text === 'to the fleet';
  });
}
