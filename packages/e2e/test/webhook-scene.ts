import {
  type CreatedWebhook,
  type CreateWebhook,
  type DeadLetter,
  type Delivery,
  instanceKeys,
} from '@flotilla/contracts';
import {
  type AppEnv,
  eventually,
  type Fleet,
  type FleetOptions,
  type ReceivedDelivery,
  type ReceiverAnswer,
  startFleet,
  type TenantClient,
} from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';

/** Decides about each delivery to one hook; `count` says how many came to it before. */
type HookAnswer = (delivery: ReceivedDelivery, count: number) => ReceiverAnswer;

/** The text of the message that a delivery tells of. */
export const textOf = ({ json }: Pick<ReceivedDelivery, 'json'>): string =>
  (json as { data?: { message?: { text?: string } } }).data?.message?.text ?? '';

/** Whether a delivery was taken. */
export const isTaken = ({ answered }: Pick<ReceivedDelivery, 'answered'>) =>
  answered !== undefined && answered >= 200 && answered < 300;

/** One endpoint that gets the messages of the scene's number, and what came to it. */
export class Hook {
  readonly webhook: CreatedWebhook;
  readonly tenant: TenantClient;
  /** Everything that came, oldest first. */
  readonly arrived: ReceivedDelivery[] = [];
  answer: HookAnswer;

  constructor(webhook: CreatedWebhook, tenant: TenantClient, answer: HookAnswer) {
    this.webhook = webhook;
    this.tenant = tenant;
    this.answer = answer;
  }

  /** Texts that were taken, in order, repetitions too. */
  get taken(): string[] {
    return this.arrived.filter(isTaken).map(textOf);
  }

  /** Waits until a text has come, whatever it was answered with. */
  came(text: string, timeoutMs = 15_000): Promise<ReceivedDelivery> {
    const message = `${text} comes to ${this.webhook.url}`;
    return eventually(() => this.arrived.find((delivery) => textOf(delivery) === text), { timeoutMs, message });
  }

  /** Waits until these texts, and no others, were taken. Resolves with them in the order in which they were. */
  async took(count: number, timeoutMs = 20_000): Promise<string[]> {
    const message = `${this.webhook.url} takes ${count}`;
    await eventually(() => this.taken.length >= count, { timeoutMs, message });
    return this.taken;
  }

  /** Its deliveries as the API lists them. */
  deliveries(): Promise<Delivery[]> {
    return this.tenant.deliveries(this.webhook.id);
  }

  /** Waits until a delivery is in a state. */
  delivery(id: string, state: Delivery['state'], timeoutMs = 15_000): Promise<Delivery> {
    return eventually(
      async () => (await this.deliveries()).find((delivery) => delivery.id === id && delivery.state === state),
      { timeoutMs, message: `Delivery ${id} is ${state}` },
    );
  }

  /** Waits for its dead letters. */
  dead(count = 1, timeoutMs = 15_000): Promise<DeadLetter[]> {
    return eventually(
      async () => {
        const letters = (await this.tenant.deadLetters()).filter(({ webhook }) => webhook === this.webhook.id);
        return letters.length >= count && letters;
      },
      { timeoutMs, message: `${count} dead letters of ${this.webhook.url}` },
    );
  }

  /** A change or a question about it. */
  call<T = unknown>(method: string, path = '', body?: unknown): Promise<T> {
    return this.tenant.call(method, `/v1/webhooks/${this.webhook.id}${path}`, { body });
  }
}

/** A tenant's linked number, and somebody who writes to it. */
export interface LinkedNumber {
  tenant: TenantClient;
  instance: string;
  /** Has them write these texts, in order. */
  hear(...texts: string[]): Promise<void>;
}

/** A fleet whose webhook workers are what is tested: messages come in by the simulator and go out over HTTP. */
export class WebhookScene {
  readonly fleet: Fleet;
  readonly number: LinkedNumber;
  readonly #hooks = new Map<string, Hook>();
  #named = 0;
  #workerEnv = '{}';

  private constructor(fleet: Fleet, number: LinkedNumber) {
    this.fleet = fleet;
    this.number = number;
    fleet.receiver.answer((delivery) => {
      const hook = this.#hooks.get(delivery.path);
      if (!hook) return {};
      const count = hook.arrived.push(delivery) - 1;
      return hook.answer(delivery, count);
    });
  }

  static async open(options: FleetOptions = {}): Promise<WebhookScene> {
    const fleet = await startFleet({
      webhookWorkers: 3,
      ...options,
      env: { WEBHOOK_RETRY_SCHEDULE: '300ms,300ms', WEBHOOK_TIMEOUT: '10s', ...options.env },
    });
    try {
      return new WebhookScene(fleet, await newNumber(fleet));
    } catch (error) {
      await fleet.stop().catch(() => {});
      throw error;
    }
  }

  /** Another tenant, with a number of its own. */
  async otherTenant(): Promise<LinkedNumber> {
    return await newNumber(this.fleet);
  }

  /** An endpoint for the number's messages; it answers 200 unless told otherwise. */
  async hook(
    input: Partial<CreateWebhook> = {},
    { answer = () => ({}), tenant = this.number.tenant }: { answer?: HookAnswer; tenant?: TenantClient } = {},
  ): Promise<Hook> {
    this.#named += 1;
    const path = `/hook-${this.#named}`;
    const url = `http://127.0.0.1:${this.fleet.receiver.port}${path}`;
    const webhook = await tenant.createWebhook({ url, events: ['messages.upsert'], ...input });
    this.fleet.receiver.trust(webhook.secret);
    const hook = new Hook(webhook, tenant, answer);
    this.#hooks.set(path, hook);
    return hook;
  }

  /** Deletes all endpoints, so that the next case hears of nothing that this one has left. */
  async clear(): Promise<void> {
    for (const { tenant, webhook } of this.#hooks.values())
      await tenant.request('DELETE', `/v1/webhooks/${webhook.id}`);
    this.#hooks.clear();
  }

  /** Has webhook workers run with these variables from now on, as many as before; those that do run stay. */
  async useWorkers(env: AppEnv = {}): Promise<void> {
    const wanted = JSON.stringify(env);
    if (wanted === this.#workerEnv) return;
    const count = this.workers.length;
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await Promise.all(Array.from({ length: count }, () => this.fleet.addWebhookWorker(env)));
    this.#workerEnv = wanted;
  }

  /** Kills a webhook worker, or all of them, and starts as many again. */
  async killWorkers(most = Infinity): Promise<void> {
    const killed = this.workers.slice(0, most);
    await Promise.all(killed.map((worker) => worker.kill()));
    const env = JSON.parse(this.#workerEnv) as AppEnv;
    await Promise.all(killed.map(() => this.fleet.addWebhookWorker(env)));
  }

  /** Asks the fleet's Redis. */
  async store<T>(work: (redis: ReturnType<typeof connectRedis>) => Promise<T>): Promise<T> {
    const redis = connectRedis(this.fleet.redis.url, { name: 'test', manner: 'patient' });
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Has all events of the number that are kept handed to webhooks again, with the next one that happens. */
  async relayAgain(): Promise<void> {
    await this.store((redis) => redis.del(instanceKeys.relayed(this.number.instance)));
  }

  /** Webhook workers that run. */
  get workers() {
    return this.fleet.webhookWorkers.filter(({ isRunning }) => isRunning);
  }

  stop(): Promise<void> {
    return this.fleet.stop();
  }
}

async function newNumber(fleet: Fleet): Promise<LinkedNumber> {
  const tenant = await fleet.api.newTenant();
  const { id, linked } = await tenant.pairedInstance(fleet.simulator);
  const ann = await fleet.simulator.createContact();
  return {
    tenant,
    instance: id,
    hear: async (...texts) => void (await fleet.simulator.contactSendAll(ann.phone, linked.phone, texts)),
  };
}

/** Texts that begin alike. */
export const texts = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`);
