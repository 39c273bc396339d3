import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreatedWebhook, CreateWebhook } from '@flotilla/contracts';
import { ApiClient, type TenantClient } from './api-client.ts';
import { type App, type AppEnv, type AppName, startApp } from './app.ts';
import { eventually } from './eventually.ts';
import { call } from './http.ts';
import { startReceiver, type WebhookReceiver } from './receiver.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinel } from './redis-sentinel.ts';
import { type RedisKind, type RedisTopology, startSingle } from './redis-topology.ts';
import { SimulatorClient } from './simulator-client.ts';
import { TcpProxy } from './tcp-proxy.ts';

export interface FleetOptions {
  /** Connection workers. Default 1. */
  workers?: number;
  gateways?: number;
  webhookWorkers?: number;
  /** Default true. */
  receiver?: boolean;
  /** Connects to WhatsApp itself instead of a simulator. Default false. */
  live?: boolean;
  /** Keep every write of Redis on disk, for tests that kill it. */
  appendonly?: boolean;
  /** How Redis is laid out. Default `single`. */
  redis?: RedisKind | RedisLayout;
  /** Each app reaches Redis through a proxy of its own, see {@link Fleet.proxyOf}. Only with a single Redis. */
  redisProxies?: boolean;
  /** For all apps; overrides what the fleet sets. */
  env?: AppEnv;
  /** Called with each line that an app writes. */
  log?: (app: AppName, line: string) => void;
}

/** A layout of Redis with its particulars. */
export interface RedisLayout {
  kind: RedisKind;
  /** Replicas of each master. Default: none, with Sentinels one. */
  replicas?: number;
  /** Further arguments of each server that holds data. */
  args?: string[];
}

/** Starts Redis in one of its layouts. */
export function startTopology({ kind, ...options }: RedisLayout & { appendonly?: boolean }): Promise<RedisTopology> {
  if (kind === 'cluster') return startRedisCluster(options);
  if (kind === 'sentinel') return startRedisSentinel(options);
  return startSingle(options);
}

/** Short waits, so that a test sees a dead letter within seconds. */
const retrySchedule = '200ms,500ms,1s';
const authorityFile = 'simulator-ca.pem';

/** A whole Flotilla on this machine: real processes, a private Redis, a simulated WhatsApp. */
export class Fleet {
  readonly redis: RedisTopology;
  readonly gateways: App[] = [];
  /** Connection workers, those that have ended included. */
  readonly workers: App[] = [];
  readonly webhookWorkers: App[] = [];
  /** What all apps but the simulator were given. */
  readonly env: AppEnv;
  readonly operatorKey: string;
  readonly #simulatorApp: App | undefined;
  readonly #receiver: WebhookReceiver | undefined;
  readonly #authorityFolder: string | undefined;
  readonly #log: FleetOptions['log'];
  /** Undefined if apps reach Redis without one. */
  readonly #proxies: Map<App, TcpProxy> | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(parts: {
    redis: RedisTopology;
    simulatorApp: App | undefined;
    env: AppEnv;
    operatorKey: string;
    receiver: WebhookReceiver | undefined;
    authorityFolder: string | undefined;
    log: FleetOptions['log'];
    proxies: Map<App, TcpProxy> | undefined;
  }) {
    this.redis = parts.redis;
    this.#simulatorApp = parts.simulatorApp;
    this.env = parts.env;
    this.operatorKey = parts.operatorKey;
    this.#receiver = parts.receiver;
    this.#authorityFolder = parts.authorityFolder;
    this.#log = parts.log;
    this.#proxies = parts.proxies;
  }

  /** Starts everything and waits until it answers. What was started is stopped if something fails. */
  static async start(options: FleetOptions = {}): Promise<Fleet> {
    const {
      workers = 1,
      gateways = 1,
      webhookWorkers = 1,
      receiver = true,
      appendonly = false,
      live = false,
      redisProxies = false,
      redis: layout = 'single',
    } = options;
    const opened: (() => Promise<unknown>)[] = [];
    try {
      const redis = await startTopology({ ...(typeof layout === 'string' ? { kind: layout } : layout), appendonly });
      opened.push(() => redis.stop());
      const hooks = receiver ? await startReceiver() : undefined;
      if (hooks) opened.push(() => hooks.down());
      const level = { LOG_LEVEL: 'info', ...options.env };
      const simulatorApp = live
        ? undefined
        : await startApp('simulator', level, { log: (line) => options.log?.('simulator', line) });
      opened.push(async () => simulatorApp?.stop());

      const simulator = simulatorApp && new SimulatorClient(simulatorApp.url);
      const authorityFolder = simulator && (await saveAuthority(simulator));
      if (authorityFolder) opened.push(() => rm(authorityFolder, { recursive: true, force: true }));
      const operatorKey = randomBytes(24).toString('base64url');
      const env: AppEnv = {
        LOG_LEVEL: 'info',
        REDIS_URL: redis.url,
        OPERATOR_KEY: operatorKey,
        ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        WHATSAPP_URL: simulator?.whatsappUrl,
        WHATSAPP_ROOT_KEY: await simulator?.rootKey(),
        WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
        MEDIA_ALLOW_CIDRS: '127.0.0.0/8',
        ...(authorityFolder && { MEDIA_DIR: join(authorityFolder, 'media') }),
        WEBHOOK_RETRY_SCHEDULE: retrySchedule,
        ADVERTISED_HOST: '127.0.0.1',
        ...options.env,
      };
      const fleet = new Fleet({
        redis,
        simulatorApp,
        env,
        operatorKey,
        receiver: hooks,
        authorityFolder,
        log: options.log,
        proxies: redisProxies ? new Map() : undefined,
      });
      opened.push(() => fleet.#stopProxies());
      opened.push(() => fleet.#stopApps());
      const times = (count: number, start: () => Promise<App>) => Array.from({ length: count }, start);
      await allOf([
        ...times(gateways, () => fleet.addGateway()),
        ...times(workers, () => fleet.addWorker()),
        ...times(webhookWorkers, () => fleet.addWebhookWorker()),
      ]);
      return fleet;
    } catch (error) {
      for (const close of opened.reverse()) await close().catch(() => {});
      throw error;
    }
  }

  /** The first gateway's API, with the operator key. */
  get api(): ApiClient {
    return this.apiOf(0);
  }

  /** The API through one of the gateways. */
  apiOf(index: number): ApiClient {
    const gateway = this.gateways[index];
    if (!gateway) throw new Error(`This fleet has ${this.gateways.length} gateways`);
    return new ApiClient(gateway.url, this.operatorKey);
  }

  get receiver(): WebhookReceiver {
    if (!this.#receiver) throw new Error('This fleet was started without a webhook receiver');
    return this.#receiver;
  }

  get simulatorApp(): App {
    if (!this.#simulatorApp) throw new Error('This fleet was started without a simulator');
    return this.#simulatorApp;
  }

  get simulator(): SimulatorClient {
    return new SimulatorClient(this.simulatorApp.url);
  }

  addGateway(env: AppEnv = {}): Promise<App> {
    return this.#add('gateway', this.gateways, env);
  }

  addWorker(env: AppEnv = {}): Promise<App> {
    // Baileys loads media by HTTPS, whatever the scheme of its websocket.
    const authority = this.#authorityFolder && { NODE_EXTRA_CA_CERTS: join(this.#authorityFolder, authorityFile) };
    return this.#add('connection-worker', this.workers, { ...authority, ...env });
  }

  addWebhookWorker(env: AppEnv = {}): Promise<App> {
    return this.#add('webhook-worker', this.webhookWorkers, env);
  }

  /** The proxy between an app and Redis. */
  proxyOf(app: App): TcpProxy {
    const proxy = this.#proxies?.get(app);
    if (!proxy) throw new Error('This fleet was started without proxies');
    return proxy;
  }

  /** A webhook of this tenant that posts to the fleet's receiver, which verifies its signatures. */
  async addWebhook(tenant: TenantClient, body: Partial<CreateWebhook> = {}): Promise<CreatedWebhook> {
    const webhook = await tenant.createWebhook({ url: this.receiver.url, ...body });
    this.receiver.trust(webhook.secret);
    return webhook;
  }

  /** The worker process that holds the instance's lease now. Waits until there is one. */
  ownerOf(tenant: TenantClient, instance: string, { timeoutMs = 20_000 } = {}): Promise<App> {
    return eventually(
      async () => {
        const { worker } = await tenant.instance(instance);
        for (const app of this.workers) {
          if (!app.isRunning) continue;
          const { incarnation } = await call<{ incarnation: string }>(app.url, 'GET', '/incarnation', {
            timeoutMs: 1_000,
          });
          if (incarnation === worker) return app;
        }
        return undefined;
      },
      { timeoutMs, message: `A running worker holds ${instance}` },
    );
  }

  /** Everything but Redis and the receiver. */
  get apps(): App[] {
    return [
      ...(this.#simulatorApp ? [this.#simulatorApp] : []),
      ...this.gateways,
      ...this.workers,
      ...this.webhookWorkers,
    ];
  }

  /** The last lines of every app, to show when a test has failed. */
  lastLines(count = 30): string {
    return this.apps
      .map((app) => [`── ${app.name} (pid ${app.pid})`, ...app.logs().slice(-count)].join('\n'))
      .join('\n');
  }

  /** Stops everything in the reverse order of starting. Rejects if an app had to be killed for it. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = [];
    const parts = [
      () => this.#stopApps(),
      () => this.#stopProxies(),
      () => this.#simulatorApp?.stop(),
      async () => {
        if (this.#authorityFolder) await rm(this.#authorityFolder, { recursive: true, force: true });
      },
      () => this.redis.stop(),
      () => this.#receiver?.down(),
    ];
    for (const stop of parts) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  }

  async #stopApps(): Promise<void> {
    for (const kind of [this.webhookWorkers, this.workers, this.gateways]) {
      await allOf(kind.map(async (app) => void (await app.stop())));
    }
  }

  async #stopProxies(): Promise<void> {
    for (const proxy of this.#proxies?.values() ?? []) await proxy.stop();
  }

  async #add(name: AppName, list: App[], env: AppEnv): Promise<App> {
    const proxy = this.#proxies && (await TcpProxy.start(() => this.redis.port));
    const proxied = proxy && { REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
    try {
      const log = (line: string) => this.#log?.(name, line);
      const app = await startApp(name, { ...this.env, ...proxied, ...env }, { log });
      if (proxy) this.#proxies?.set(app, proxy);
      list.push(app);
      return app;
    } catch (error) {
      await proxy?.stop();
      throw error;
    }
  }
}

/** Starts a fleet; see {@link Fleet.start}. */
export const startFleet = (options: FleetOptions = {}): Promise<Fleet> => Fleet.start(options);

/** Writes the certificate of the simulator's authority into a temporary folder of its own. */
async function saveAuthority(simulator: SimulatorClient): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-fleet-'));
  await writeFile(join(folder, authorityFile), await simulator.authority());
  return folder;
}

/** Waits for all, also when some fail, so that nothing goes on unseen; then rejects with the first failure. */
async function allOf(promises: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
