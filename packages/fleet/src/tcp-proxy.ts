import { connect, createServer, type Server, type Socket } from 'node:net';
import { atExit } from './exit-hook.ts';

/**
 * What becomes of connections through a proxy.
 * - `pass`: they work.
 * - `refuse`: there are none; dialling is refused, as by a host whose server is not running.
 * - `blackhole`: they stay open, new ones too, and nothing gets through; what was written is gone for good.
 * - `hold`: the same, but what was written gets through later, as after a partition that TCP has outlived.
 * - `cut`: each is closed at once, new ones too.
 */
export type ProxyMode = 'pass' | 'refuse' | 'blackhole' | 'hold' | 'cut';

interface Pipe {
  client: Socket;
  server: Socket;
  /** Something that was written has been thrown away: the two ends would misunderstand each other from now on. */
  torn: boolean;
}

/** A port of the loopback address that leads to another one, as well or as badly as it is told to. */
export class TcpProxy {
  readonly #target: () => number;
  readonly #pipes = new Set<Pipe>();
  #server: Server | undefined;
  #port = 0;
  #mode: ProxyMode = 'pass';
  #forget = () => {};

  private constructor(target: () => number) {
    this.#target = target;
  }

  /** Listens on a free port. @param target the port that each new connection leads to */
  static async start(target: () => number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.#listen();
    proxy.#forget = atExit(() => proxy.#destroyAll());
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get mode(): ProxyMode {
    return this.#mode;
  }

  /** Changes what becomes of its connections, those that are open included. */
  async set(mode: ProxyMode): Promise<void> {
    this.#mode = mode;
    if (mode === 'cut' || mode === 'refuse') this.#destroyAll();
    if (mode === 'refuse') await this.#deafen();
    else await this.#listen();
    for (const pipe of this.#pipes) this.#apply(pipe);
  }

  /** Closes the port and all connections. */
  async stop(): Promise<void> {
    this.#forget();
    this.#destroyAll();
    await this.#deafen();
  }

  async #listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: false }, (client) => this.#accept(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The system gave no port');
    this.#port = address.port;
  }

  async #deafen(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.#target(), '127.0.0.1');
    const pipe: Pipe = { client, server, torn: false };
    this.#pipes.add(pipe);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (this.#mode === 'blackhole') pipe.torn = true;
        else if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (this.#mode !== 'hold') from.resume();
      });
      // An end that comes while nothing gets through is not heard of either, until something does.
      from.on('error', () => {});
      from.on('close', () => {
        if (this.#mode === 'blackhole' || this.#mode === 'hold') pipe.torn = true;
        else this.#destroy(pipe);
      });
    }
    this.#apply(pipe);
  }

  #apply(pipe: Pipe): void {
    if (this.#mode === 'hold') {
      pipe.client.pause();
      pipe.server.pause();
      return;
    }
    if (this.#mode === 'pass' && pipe.torn) {
      this.#destroy(pipe);
      return;
    }
    pipe.client.resume();
    pipe.server.resume();
  }

  #destroy(pipe: Pipe): void {
    this.#pipes.delete(pipe);
    pipe.client.destroy();
    pipe.server.destroy();
  }

  #destroyAll(): void {
    for (const pipe of this.#pipes) this.#destroy(pipe);
  }
}
