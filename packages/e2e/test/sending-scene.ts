import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance, MessageStatus, MessageView, Sent } from '@flotilla/contracts';
import {
  type AppEnv,
  type Contact,
  type ContactSettings,
  eventually,
  type Fleet,
  type LinkedPhone,
  type TenantClient,
} from '@flotilla/fleet';
import { afterAll, beforeAll } from 'vitest';
import { type OneFleet, oneFleet } from './one-fleet.ts';

/** A message as the simulator decrypted it for somebody, as far as these tests look. */
export interface Shown {
  id: string;
  chat: string;
  sender: string;
  type: string;
  text?: string;
  quoted?: { id: string; type?: string; text?: string; sender?: string };
  mentions: string[];
  mentionsAll: boolean;
  expiration: number;
  viewOnce: boolean;
  forwardingScore: number;
  preview?: { url: string; title?: string; description?: string; thumbnail: boolean };
  media?: {
    kind: string;
    state: string;
    problem?: string;
    mimetype?: string;
    fileName?: string;
    size: number;
    sha256: string;
    seconds?: number;
    waveform?: number[];
    ptt: boolean;
    ptv: boolean;
    gifPlayback: boolean;
    animated: boolean;
    width?: number;
    height?: number;
    thumbnail: boolean;
  };
  edits: number;
  deleted: boolean;
  pinned: boolean;
  pinnedSeconds: number;
  reactions: { from: string; text: string }[];
  poll?: { name: string; options: string[]; selectable: number; votes: { from: string; options: string[] }[] };
  event?: { name: string; description?: string; startsAt: number };
  albumId?: string;
  parts?: string[];
  changes?: { id: string; as: string; applied: boolean };
  decryptions?: number;
  message: Record<string, Record<string, unknown>>;
}

/** A fleet with one paired instance that sends. */
export interface SendingScene extends OneFleet {
  readonly id: string;
  readonly linked: LinkedPhone;
  contact(settings?: ContactSettings): Promise<Contact>;
  /** Sends a command and waits until the server has it. @param path below `/messages/` */
  send(path: string, body: object): Promise<Sent>;
  /** Sends a command that has to fail. */
  refused(path: string, body: object): Promise<MessageView>;
  /** What a contact was shown under this id, once it is as `test` wants it. */
  shown(contact: { phone: string }, id: string, test?: (shown: Shown) => boolean): Promise<Shown>;
  inbox(contact: { phone: string }): Promise<Shown[]>;
  /** What a contact wrote, with what became of it. */
  wrote(contact: { phone: string }, id: string, test: (shown: Shown) => boolean): Promise<Shown>;
  /** Waits until a message that somebody wrote to the instance can be quoted and the like. Gives its id. */
  received(contact: { phone: string }, content: object, to?: string): Promise<string>;
  /** Files that are being worked on at this moment. */
  inWork(): string[];
  /** A group that the contact made, with the instance's phone in it. */
  group(by: { phone: string }, others?: { phone: string }[], admins?: string[]): Promise<string>;
}

const waitSeconds = 25;

/** Sends a command and waits for what becomes of it. */
async function sendAndWait(tenant: TenantClient, instance: string, path: string, body: object): Promise<Sent> {
  return tenant.call<Sent>('POST', `/v1/instances/${instance}/messages/${path}`, {
    body,
    headers: { prefer: `wait=${waitSeconds}` },
  });
}

const sent: MessageStatus[] = ['acked', 'delivered', 'read', 'played'];

/** Where the files of a fleet go that a test starts, and from where it may fetch. */
export function mediaEnv() {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-e2e-'));
  const workFolder = join(folder, 'work');
  mkdirSync(workFolder);
  return {
    env: { MEDIA_DIR: join(folder, 'media'), MEDIA_WORK_DIR: workFolder, MEDIA_ALLOW_CIDRS: '127.0.0.0/8' },
    /** Files that are being worked on at this moment. */
    inWork: () => readdirSync(workFolder, { recursive: true, encoding: 'utf8' }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The inbox of a contact, with everything that the simulator knows of each message. */
export async function inboxOf(fleet: Fleet, { phone }: { phone: string }): Promise<Shown[]> {
  return (await fleet.simulator.call<{ entries: Shown[] }>('GET', `/contacts/${phone}/inbox`)).entries;
}

/** Starts a fleet with one paired instance for all tests of a file. @param env for all apps */
export function sendingScene(env: AppEnv = {}): SendingScene {
  const media = mediaEnv();
  const running = oneFleet({ env: { ...media.env, ...env } });
  let paired: (Instance & { linked: LinkedPhone }) | undefined;
  const instance = () => {
    if (!paired) throw new Error('The instance has not been paired');
    return paired;
  };
  beforeAll(async () => {
    paired = await running.tenant.pairedInstance(running.fleet.simulator);
    await running.fleet.addWebhook(running.tenant);
  });
  afterAll(() => media.remove());

  const found = async (list: () => Promise<Shown[]>, id: string, test: (shown: Shown) => boolean) =>
    eventually(
      async () => {
        const all = await list();
        const entry = all.find((each) => each.id === id);
        if (!entry) throw new Error(`it is not among ${all.map(({ type }) => type).join()}`);
        if (!test(entry)) throw new Error(`it is ${JSON.stringify({ ...entry, message: undefined })}`);
        return entry;
      },
      { timeoutMs: 15_000, message: `Message ${id} is shown as expected` },
    );

  return {
    get fleet() {
      return running.fleet;
    },
    get tenant() {
      return running.tenant;
    },
    get id() {
      return instance().id;
    },
    get linked() {
      return instance().linked;
    },
    contact: (settings = {}) => running.fleet.simulator.createContact(settings),
    async send(path, body) {
      const result = await sendAndWait(running.tenant, instance().id, path, body);
      if (!sent.includes(result.status)) throw new Error(`${path} is ${result.status}: ${result.error}`);
      return result;
    },
    async refused(path, body) {
      const result = await sendAndWait(running.tenant, instance().id, path, body);
      if (result.status !== 'failed') throw new Error(`${path} is ${result.status}`);
      return running.tenant.message(instance().id, result.messageId);
    },
    shown: (contact, id, test = () => true) => found(() => inboxOf(running.fleet, contact), id, test),
    inWork: media.inWork,
    inbox: (contact) => inboxOf(running.fleet, contact),
    wrote: ({ phone }, id, test) =>
      found(
        async () =>
          (await running.fleet.simulator.call<{ entries: Shown[] }>('GET', `/contacts/${phone}/sent`)).entries,
        id,
        test,
      ),
    async received({ phone }, content, to = instance().linked.phone) {
      const { id } = await running.fleet.simulator.call<{ id: string }>('POST', `/contacts/${phone}/send`, {
        to,
        content,
      });
      type Upsert = { type: string; data: { message?: { id: string } } };
      await eventually(() => (running.fleet.receiver.events as Upsert[]).some(({ data }) => data.message?.id === id), {
        timeoutMs: 15_000,
        message: 'The instance has received the message',
      });
      return id;
    },
    async group({ phone }, others = [], admins = []) {
      const members = [instance().linked.phone, ...others.map((other) => other.phone)];
      const { id } = await running.fleet.simulator.groups.create({ by: phone, subject: 'Crew', members, admins });
      return id;
    },
  };
}
