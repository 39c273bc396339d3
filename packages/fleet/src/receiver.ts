import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.ts';

/** One request that the receiver got. */
export interface ReceivedDelivery {
  path: string;
  headers: Record<string, string>;
  /** The very text that was sent. */
  body: string;
  /** The body parsed, or undefined if it is not JSON. */
  json: unknown;
  /** Whether the signature is right, by the `standardwebhooks` package and a secret that the receiver knows. */
  verified: boolean;
  /** Unix ms. */
  at: number;
  /** The status it was answered with; undefined if it was not answered. */
  answered: number | undefined;
}

/** How to answer a delivery. */
export interface ReceiverAnswer {
  /** Default 200. `none` holds the connection open without an answer. */
  status?: number | 'none';
  headers?: Record<string, string>;
  body?: string;
  /** Wait this long before answering, in milliseconds. */
  afterMs?: number;
}

/** Decides about each delivery; `count` says how many came before it. */
export type Answering = ReceiverAnswer | ((delivery: ReceivedDelivery, count: number) => ReceiverAnswer);

export interface ReceiverOptions {
  /** The signing secret for a request path, if it is not told by {@link WebhookReceiver.trust}. */
  secretFor?: (path: string) => string | undefined;
  /** How to answer; default 200. */
  answer?: Answering;
}

/** A webhook receiver in this process. */
export class WebhookReceiver {
  /** Everything that came, oldest first. */
  readonly deliveries: ReceivedDelivery[] = [];
  readonly #options: ReceiverOptions;
  readonly #secrets = new Set<string>();
  #answering: Answering;
  #server = createServer();
  #port = 0;

  constructor(options: ReceiverOptions = {}) {
    this.#options = options;
    this.#answering = options.answer ?? {};
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  get port(): number {
    return this.#port;
  }

  /** The deliveries whose signature is right, each event once, oldest first. */
  get events(): unknown[] {
    const seen = new Map<string, unknown>();
    for (const { verified, headers, json } of this.deliveries) {
      const id = headers['webhook-id'];
      if (verified && id && !seen.has(id)) seen.set(id, json);
    }
    return [...seen.values()];
  }

  /** Accept signatures by this secret from now on. */
  trust(secret: string): void {
    this.#secrets.add(secret);
  }

  /** Answer like this from now on. */
  answer(answering: Answering): void {
    this.#answering = answering;
  }

  /** Closes the port and all connections: dialling it is refused. */
  async down(): Promise<void> {
    const server = this.#server;
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Listens, on the same port as before if there was one. */
  async up(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = createServer((request, response) => this.#receive(request, response));
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Waits for the first delivery that fits, among those that came already too. */
  waitFor(fits: (delivery: ReceivedDelivery) => boolean, timeoutMs = 15_000): Promise<ReceivedDelivery> {
    return eventually(() => this.deliveries.find(fits), {
      timeoutMs,
      message: `A fitting delivery among ${this.deliveries.length} or more`,
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      const path = request.url ?? '/';
      const delivery: ReceivedDelivery = {
        path,
        headers,
        body,
        json: parse(body),
        verified: this.#verify(path, body, headers),
        at: Date.now(),
        answered: undefined,
      };
      const count = this.deliveries.push(delivery) - 1;
      const answering = this.#answering;
      this.#answer(delivery, typeof answering === 'function' ? answering(delivery, count) : answering, response);
    });
  }

  #answer(delivery: ReceivedDelivery, answer: ReceiverAnswer, response: ServerResponse): void {
    const { status = 200, headers = {}, body = '', afterMs = 0 } = answer;
    if (status === 'none') return;
    const respond = () => {
      if (response.destroyed) return;
      delivery.answered = status;
      response.writeHead(status, headers).end(body);
    };
    if (afterMs > 0) setTimeout(respond, afterMs).unref();
    else respond();
  }

  #verify(path: string, body: string, headers: Record<string, string>): boolean {
    const own = this.#options.secretFor?.(path);
    return [...this.#secrets, ...(own ? [own] : [])].some((secret) => {
      try {
        new Webhook(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    });
  }
}

/** Starts a webhook receiver on a free port of the loopback address. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<WebhookReceiver> {
  const receiver = new WebhookReceiver(options);
  await receiver.up();
  return receiver;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
