import type {
  CloseReason,
  ConnectionStateName,
  CreateApiKey,
  CreatedApiKey,
  CreatedWebhook,
  CreateInstance,
  CreateWebhook,
  DeadLetter,
  Delivery,
  Instance,
  MessageStatus,
  MessageView,
  PairingCode,
  QrCode,
  Sent,
  Tenant,
} from '@flotilla/contracts';
import { eventually } from './eventually.ts';
import { call, type HttpAnswer, type HttpRequest, send } from './http.ts';
import type { LinkedPhone, SimulatorClient } from './simulator-client.ts';

export interface ApiRequest extends HttpRequest {
  /** Sent as `Authorization: Bearer`. */
  key?: string;
}

/** The gateway's HTTP API as tests and the tour speak it. */
export class ApiClient {
  readonly url: string;
  readonly operatorKey: string;

  constructor(url: string, operatorKey: string) {
    this.url = url;
    this.operatorKey = operatorKey;
  }

  /** Any request, whatever the answer's status. */
  request<T = unknown>(
    method: string,
    path: string,
    { key, headers, ...rest }: ApiRequest = {},
  ): Promise<HttpAnswer<T>> {
    return send<T>(`${this.url}${path}`, method, { ...rest, headers: { ...bearer(key), ...headers } });
  }

  /** A request that has to succeed. Rejects with `HttpError` otherwise. */
  call<T>(method: string, path: string, { key, headers, ...rest }: ApiRequest = {}): Promise<T> {
    return call<T>(this.url, method, path, { ...rest, headers: { ...bearer(key), ...headers } });
  }

  createTenant(name = 'Test tenant'): Promise<Tenant> {
    return this.call('POST', '/v1/tenants', { key: this.operatorKey, body: { name } });
  }

  createKey(tenant: string, body: CreateApiKey = {}): Promise<CreatedApiKey> {
    return this.call('POST', `/v1/tenants/${tenant}/keys`, { key: this.operatorKey, body });
  }

  /** A new tenant with a key that may do everything. */
  async newTenant(name?: string): Promise<TenantClient> {
    const tenant = await this.createTenant(name);
    const { key } = await this.createKey(tenant.id);
    return new TenantClient(this, tenant, key);
  }
}

/** How a text is sent. */
export interface SendOptions {
  idempotencyKey?: string;
  /** Hold the answer up to this many seconds, until WhatsApp has acknowledged the message. */
  waitSeconds?: number;
  /** Seconds after which it fails instead of being sent late. */
  ttl?: number;
}

/** The API with one tenant's key. */
export class TenantClient {
  readonly api: ApiClient;
  readonly tenant: Tenant;
  readonly key: string;

  constructor(api: ApiClient, tenant: Tenant, key: string) {
    this.api = api;
    this.tenant = tenant;
    this.key = key;
  }

  /** The same tenant through another gateway. */
  through(api: ApiClient): TenantClient {
    return new TenantClient(api, this.tenant, this.key);
  }

  request<T = unknown>(method: string, path: string, request: HttpRequest = {}): Promise<HttpAnswer<T>> {
    return this.api.request<T>(method, path, { ...request, key: this.key });
  }

  call<T>(method: string, path: string, request: HttpRequest = {}): Promise<T> {
    return this.api.call<T>(method, path, { ...request, key: this.key });
  }

  createInstance(body: CreateInstance = { name: 'Test instance' }): Promise<Instance> {
    return this.call('POST', '/v1/instances', { body });
  }

  instance(id: string): Promise<Instance> {
    return this.call('GET', `/v1/instances/${id}`);
  }

  connect(id: string): Promise<Instance> {
    return this.call('POST', `/v1/instances/${id}/connect`);
  }

  restart(id: string): Promise<Instance> {
    return this.call('POST', `/v1/instances/${id}/restart`);
  }

  logout(id: string): Promise<unknown> {
    return this.call('POST', `/v1/instances/${id}/logout`);
  }

  /** The QR code of the moment, waiting up to `waitSeconds` until there is one. */
  qr(id: string, waitSeconds = 20): Promise<QrCode> {
    return this.call('GET', `/v1/instances/${id}/qr?wait=${waitSeconds}`);
  }

  pairingCode(id: string, phone: string): Promise<PairingCode> {
    return this.call('POST', `/v1/instances/${id}/pairing-code`, { body: { phone } });
  }

  /** Connects the instance and lets a simulated phone scan its QR code; resolves when it is open. */
  async pair(id: string, simulator: SimulatorClient, phone?: string): Promise<LinkedPhone> {
    await this.connect(id);
    const { qr } = await this.qr(id);
    const linked = await simulator.scanQr(qr, { phone });
    await this.waitOpen(id);
    return linked;
  }

  /** A new instance that is paired and open. */
  async pairedInstance(
    simulator: SimulatorClient,
    { name = 'Test instance', phone }: { name?: string; phone?: string } = {},
  ): Promise<Instance & { linked: LinkedPhone }> {
    const { id } = await this.createInstance({ name });
    const linked = await this.pair(id, simulator, phone);
    return { ...(await this.instance(id)), linked };
  }

  /** Waits until the instance is in a state (and, if given, for a reason). */
  waitState(
    id: string,
    state: ConnectionStateName,
    { reason, timeoutMs = 30_000 }: { reason?: CloseReason; timeoutMs?: number } = {},
  ): Promise<Instance> {
    return eventually(
      async () => {
        const instance = await this.instance(id);
        const { status } = instance;
        if (status.state === state && (reason === undefined || status.reason === reason)) return instance;
        throw new Error(`it is ${[status.state, status.reason, status.code].filter(Boolean).join(', ')}`);
      },
      { timeoutMs, message: `Instance ${id} is ${reason ? `${state}, ${reason}` : state}` },
    );
  }

  waitOpen(id: string, options: { timeoutMs?: number } = {}): Promise<Instance> {
    return this.waitState(id, 'open', options);
  }

  sendText(id: string, to: string, text: string, options: SendOptions = {}): Promise<Sent> {
    const { idempotencyKey, waitSeconds, ttl } = options;
    return this.call('POST', `/v1/instances/${id}/messages/text`, {
      body: { to, text, ttl },
      headers: {
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
      },
    });
  }

  message(id: string, messageId: string): Promise<MessageView> {
    return this.call('GET', `/v1/instances/${id}/messages/${messageId}`);
  }

  /** Waits until a message has reached a status, or gone beyond it. */
  waitMessage(id: string, messageId: string, status: MessageStatus, { timeoutMs = 30_000 } = {}): Promise<MessageView> {
    return eventually(
      async () => {
        const message = await this.message(id, messageId);
        if (message.history.some((entry) => entry.status === status)) return message;
        throw new Error(`it is ${message.status}`);
      },
      { timeoutMs, message: `Message ${messageId} is ${status}` },
    );
  }

  createWebhook(body: CreateWebhook): Promise<CreatedWebhook> {
    return this.call('POST', '/v1/webhooks', { body });
  }

  async deliveries(webhook: string): Promise<Delivery[]> {
    return (await this.call<{ items: Delivery[] }>('GET', `/v1/webhooks/${webhook}/deliveries?limit=200`)).items;
  }

  async deadLetters(): Promise<DeadLetter[]> {
    return (await this.call<{ items: DeadLetter[] }>('GET', '/v1/dead-letters?limit=200')).items;
  }

  redrive(deadLetter: string): Promise<unknown> {
    return this.call('POST', `/v1/dead-letters/${encodeURIComponent(deadLetter)}/redrive`);
  }
}

const bearer = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };
