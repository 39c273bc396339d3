import { eventually, type Fleet, type TenantClient } from '@flotilla/fleet';
import QRCode from 'qrcode';
import type { Steps } from './steps.ts';

/** What the tour leaves behind to play with. */
export interface Told {
  tenant: TenantClient;
  instance: string;
  /** JID or number that the tour wrote to. */
  recipient: string;
}

export interface StoryOptions {
  fleet: Fleet;
  steps: Steps;
  /** A person with a phone plays the parts of the simulator. */
  live: boolean;
}

/** A person needs longer to find the phone than the simulator does (ms). */
const patienceMs = { live: 180_000, simulated: 30_000 } as const;

/** An event as the receiver got it. */
interface SeenEvent {
  id: string;
  type: string;
  instance: string;
  data: { id?: string; status?: string; message?: { text?: string; fromMe?: boolean } };
}

/** Pairs a number, sends, receives, delivers webhooks, kills the owner, and does it again. */
export async function tell({ fleet, steps, live }: StoryOptions): Promise<Told> {
  const timeoutMs = live ? patienceMs.live : patienceMs.simulated;
  const tenant = await steps.do(
    'Create a tenant and an API key',
    () => fleet.api.newTenant('Demo shop'),
    ({ tenant: { id } }) => id,
  );
  await steps.do(
    'Create a webhook',
    () => fleet.addWebhook(tenant),
    ({ id, url }) => `${id} → ${url}`,
  );
  const { id } = await steps.do(
    'Create an instance',
    () => tenant.createInstance({ name: 'Demo number' }),
    (instance) => instance.id,
  );
  const phone = await pair({ fleet, steps, live }, tenant, id, timeoutMs);
  const contact = live ? undefined : await fleet.simulator.createContact({ name: 'Ann', echo: true, autoRead: true });
  const recipient = contact ? `+${contact.phone}` : `+${phone}`;

  await converse({ fleet, steps, live }, tenant, { id, recipient, text: 'Hello from Flotilla' }, timeoutMs);

  const owner = await steps.do(
    'Find the worker that owns it',
    () => fleet.ownerOf(tenant, id),
    ({ pid }) => `process ${pid}`,
  );
  const { epoch = 0 } = await tenant.instance(id);
  await owner.kill();
  await steps.do(
    'SIGKILL it: the other takes over',
    async () => {
      await eventually(async () => ((await tenant.instance(id)).epoch ?? 0) > epoch, { timeoutMs: 30_000 });
      await tenant.waitOpen(id);
      return fleet.ownerOf(tenant, id);
    },
    ({ pid }) => `process ${pid} has logged in, without a new QR code`,
  );
  await converse({ fleet, steps, live }, tenant, { id, recipient, text: 'Still here' }, timeoutMs);
  if (contact) {
    await steps.do(
      'Ask the contact what it was shown',
      async () => {
        const { entries, undecryptable } = await fleet.simulator.inbox(contact.phone);
        const texts = entries.map(({ text }) => text);
        if (texts.join() !== 'Hello from Flotilla,Still here' || undecryptable > 0) {
          throw new Error(`it was shown ${JSON.stringify(texts)} and could not read ${undecryptable}`);
        }
        return entries.length;
      },
      (count) => `${count} messages, each once, in order`,
    );
  }
  return { tenant, instance: id, recipient };
}

async function pair(
  { fleet, steps, live }: StoryOptions,
  tenant: TenantClient,
  id: string,
  timeoutMs: number,
): Promise<string> {
  const { qr } = await steps.do(
    'Connect it and wait for a QR code',
    async () => {
      await tenant.connect(id);
      return tenant.qr(id, 30);
    },
    () => 'scan it:',
  );
  await show(steps, qr);
  if (live) steps.say('On the phone: WhatsApp, Settings, Linked devices, Link a device.');
  else {
    await steps.do(
      'A simulated phone scans it',
      () => fleet.simulator.scanQr(qr, { name: 'Demo shop' }),
      ({ jid }) => `linked as ${jid}`,
    );
  }
  const open = await steps.do(
    'Wait until the number is connected',
    () => (live ? openWithFreshCodes(steps, tenant, id, qr, timeoutMs) : tenant.waitOpen(id)),
    ({ worker, epoch }) => `open, owned by ${worker}, epoch ${epoch}`,
  );
  return open.status.phone ?? '';
}

const show = async (steps: Steps, qr: string) =>
  steps.say(await QRCode.toString(qr, { type: 'terminal', small: true }));

/** WhatsApp replaces the QR code every twenty seconds: shows each new one until somebody has scanned it. */
async function openWithFreshCodes(steps: Steps, tenant: TenantClient, id: string, first: string, timeoutMs: number) {
  let shown = first;
  return eventually(
    async () => {
      const instance = await tenant.instance(id);
      if (instance.status.state === 'open') return instance;
      const answer = await tenant.request<{ qr?: string }>('GET', `/v1/instances/${id}/qr`);
      const { qr } = answer.body;
      if (answer.status === 200 && qr && qr !== shown) {
        shown = qr;
        await show(steps, qr);
      }
      throw new Error(`the instance is ${instance.status.state}`);
    },
    { timeoutMs, intervalMs: 500, message: 'Somebody scans the QR code' },
  );
}

/** Sends one text and follows it to the answer and to the webhook. */
async function converse(
  { fleet, steps, live }: StoryOptions,
  tenant: TenantClient,
  { id, recipient, text }: { id: string; recipient: string; text: string },
  timeoutMs: number,
): Promise<void> {
  const sent = await steps.do(
    `Send "${text}"`,
    () => tenant.sendText(id, recipient, text, { waitSeconds: 20 }),
    ({ messageId, status }) => `message ${messageId} is ${status}`,
  );
  if (sent.status === 'failed') throw new Error(`The message failed: ${sent.error}`);
  const events = () => fleet.receiver.events as SeenEvent[];
  if (live) steps.say('Now write something to this number from another phone, or to yourself.');
  else {
    await steps.do(
      'Wait for the delivery receipt',
      () => tenant.waitMessage(id, sent.messageId, 'delivered'),
      ({ history }) => history.map(({ status }) => status).join(' → '),
    );
  }
  const before = live ? events().length : 0;
  await steps.do(
    'Wait for an answer at the webhook',
    () =>
      eventually(
        () =>
          events()
            .slice(before)
            .find(({ type, data }) => type === 'messages.upsert' && (live || data.message?.text === `echo: ${text}`)),
        { timeoutMs, message: 'An answer arrives' },
      ),
    (event) => `event ${event.id}, signature verified`,
  );
  await steps.do(
    'Wait for the status at the webhook',
    () =>
      eventually(() => events().find(({ type, data }) => type === 'messages.update' && data.id === sent.messageId), {
        timeoutMs,
        message: "The message's status arrives",
      }),
    (event) => `event ${event.id}, signature verified`,
  );
}
