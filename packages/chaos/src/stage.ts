import {
  type App,
  type AppEnv,
  type ContactSettings,
  eventually,
  type Fleet,
  type SimulatorClient,
  SseFollower,
  type TenantClient,
} from '@flotilla/fleet';
import { type Conversation, pairConversations } from './conversation.ts';
import type { FigureName, Figures } from './figures.ts';
import { incarnationOf, waitAllOpen } from './openness.ts';

/** The processes that faults are done to. */
export type AppKind = 'worker' | 'gateway' | 'webhook-worker';

export interface StageOptions {
  instances: number;
  /** What the contacts do by themselves. */
  contacts?: ContactSettings;
  /** Called with what happens, as it happens. */
  log?: (text: string) => void;
}

/** A fleet with one tenant, its numbers, and the witnesses of what happens to them. What scenarios are given. */
export class Stage {
  readonly fleet: Fleet;
  /** Reads the event log of all instances, through whichever gateway is there, from the beginning. */
  readonly follower: SseFollower;
  /** By instance: the last sequence that tells of its pairing. */
  readonly pairedAt = new Map<string, number>();
  readonly notes: { at: number; text: string }[] = [];
  readonly #tenant: TenantClient;
  readonly #conversations: Conversation[];
  readonly #log: StageOptions['log'];
  readonly #frozen = new Set<App>();
  readonly #retired = new Set<Conversation>();
  #began = performance.now();
  #figures: Figures = {};
  #interruptions = 0;

  private constructor(
    fleet: Fleet,
    tenant: TenantClient,
    follower: SseFollower,
    conversations: Conversation[],
    log: StageOptions['log'],
  ) {
    this.fleet = fleet;
    this.#tenant = tenant;
    this.follower = follower;
    this.#conversations = conversations;
    this.#log = log;
  }

  /** A new tenant of a running fleet: its webhook, so many paired instances with a contact each, a live stream. */
  static async open(fleet: Fleet, { instances, contacts, log }: StageOptions): Promise<Stage> {
    const tenant = await fleet.api.newTenant('Chaos');
    await fleet.addWebhook(tenant);
    const follower = new SseFollower(fleet, tenant);
    follower.cursor = '0';
    await follower.start();
    const conversations = await pairConversations(fleet, tenant, instances, contacts);
    const stage = new Stage(fleet, tenant, follower, conversations, log);
    await stage.#rememberPairing();
    return stage;
  }

  /** Ends what it has opened. The fleet goes on. */
  async close(): Promise<void> {
    for (const app of this.#frozen) app.resume();
    await this.follower.stop();
  }

  /** The tenant's API through a gateway that lives. */
  get tenant(): TenantClient {
    const index = this.fleet.gateways.findIndex((app) => app.isRunning && !this.#frozen.has(app));
    return this.#tenant.through(this.fleet.apiOf(Math.max(index, 0)));
  }

  get simulator(): SimulatorClient {
    return this.fleet.simulator;
  }

  /** Those that take part. */
  get conversations(): readonly Conversation[] {
    return this.#conversations.filter((conversation) => !this.#retired.has(conversation));
  }

  /** An instance that is not expected to work any more: it has no traffic, and nobody waits for it. */
  retire(conversation: Conversation): void {
    this.#retired.add(conversation);
  }

  /** Those that run and are not frozen. */
  living(kind: AppKind): App[] {
    const lists = {
      worker: this.fleet.workers,
      gateway: this.fleet.gateways,
      'webhook-worker': this.fleet.webhookWorkers,
    };
    return lists[kind].filter((app) => app.isRunning && !this.#frozen.has(app));
  }

  /** One of the living. @param fraction from 0 to 1, by which a plan can name it before it is there */
  pick(kind: AppKind, fraction: number): App {
    const living = this.living(kind);
    const app = living[Math.min(Math.floor(fraction * living.length), living.length - 1)];
    if (!app) throw new Error(`There is no ${kind} any more`);
    return app;
  }

  /** The worker that holds one of the instances. @param fraction from 0 to 1, names the instance */
  owner(fraction: number): Promise<App> {
    const { conversations } = this;
    const conversation = conversations[Math.min(Math.floor(fraction * conversations.length), conversations.length - 1)];
    if (!conversation) throw new Error('There is no instance any more');
    return eventually(
      async () => {
        const { worker } = await this.tenant.instance(conversation.id);
        for (const app of this.living('worker')) if ((await incarnationOf(app)) === worker) return app;
        return undefined;
      },
      { timeoutMs: 60_000, message: `A worker that lives holds ${conversation.id}` },
    );
  }

  /** Starts another process, and waits until it answers. */
  add(kind: AppKind, env?: AppEnv): Promise<App> {
    if (kind === 'worker') return this.fleet.addWorker(env);
    return kind === 'gateway' ? this.fleet.addGateway(env) : this.fleet.addWebhookWorker(env);
  }

  /** SIGTERM, and waits for the orderly end. Rejects if it is not one. */
  async stop(app: App): Promise<void> {
    const began = performance.now();
    const { code, signal } = await app.stop();
    this.measure('stopping (s)', (performance.now() - began) / 1_000);
    if (code !== 0) throw new Error(`${app.name} ended with ${signal ?? `exit code ${code}`}`);
  }

  /** SIGSTOP: its sockets stay open. */
  freeze(app: App): void {
    this.#frozen.add(app);
    app.pause();
  }

  /** SIGCONT. */
  thaw(app: App): void {
    app.resume();
    this.#frozen.delete(app);
  }

  /** Something was ended in the middle of its work: each instance may send one message a second time, with its id. */
  interrupted(times = 1): void {
    this.#interruptions += times;
  }

  /**
   * Waits until every instance is open and held by a worker that lives.
   * @param figure to keep the seconds as
   * @param options.since of `performance.now()`; default now
   * @param options.without a worker that answers, but must not hold any
   * @returns the seconds since then
   */
  async allOpen(
    figure?: 'takeover (s)' | 'recovery (s)',
    options: { timeoutSeconds?: number; since?: number; without?: App } = {},
  ): Promise<number> {
    const { timeoutSeconds = 90, since = performance.now(), without } = options;
    await waitAllOpen(
      {
        tenant: () => this.tenant,
        simulator: this.simulator,
        workers: () => this.living('worker').filter((worker) => worker !== without),
        instances: this.conversations,
      },
      timeoutSeconds * 1_000,
    );
    const seconds = (performance.now() - since) / 1_000;
    if (figure) this.measure(figure, seconds);
    this.note(`all open after ${seconds.toFixed(1)} s`);
    return seconds;
  }

  /** Keeps the largest value of a figure. */
  measure(figure: FigureName, value: number): void {
    this.#figures[figure] = Math.max(this.#figures[figure] ?? 0, value);
  }

  /** Adds to a figure. */
  count(figure: FigureName, by = 1): void {
    this.#figures[figure] = (this.#figures[figure] ?? 0) + by;
  }

  /** Says what happens, for whoever reads the report. */
  note(text: string): void {
    const at = Math.round((performance.now() - this.#began) / 100) / 10;
    this.notes.push({ at, text });
    this.#log?.(`${at.toFixed(1).padStart(6)} s  ${text}`);
  }

  /** Waits while the traffic goes on. */
  pause(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }

  /** Forgets figures and notes, and counts the time from now on. */
  begin(): void {
    this.#began = performance.now();
    this.#figures = {};
    this.#interruptions = 0;
    this.notes.length = 0;
  }

  /** What was measured since {@link begin}. */
  get measured(): { figures: Figures; interruptions: number } {
    return { figures: { ...this.#figures }, interruptions: this.#interruptions };
  }

  /** Waits until the log has told that all are open: what it told before belongs to the pairing. */
  async #rememberPairing(): Promise<void> {
    const ids = new Set(this.#conversations.map(({ id }) => id));
    await eventually(
      () => {
        for (const { type, instance, sequence, data } of this.follower.seen) {
          if (type === 'connection.update' && data.state === 'open') this.pairedAt.set(instance, sequence);
        }
        return [...ids].every((id) => this.pairedAt.has(id));
      },
      { timeoutMs: 30_000, message: 'The live stream has told of every pairing' },
    );
  }
}
