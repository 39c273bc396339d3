import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually, type LinkedPhone, type SimulatorClient } from '@flotilla/fleet';

const run = promisify(execFile);

/** An answer, as far as these tests look. */
export interface DialectAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

/** A client of an older service that has moved: another base URL, and a key. */
export class DialectClient {
  readonly url: string;
  readonly #headers: Record<string, string>;

  /** @param headers with the key, if one is needed */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.#headers = headers;
  }

  async send(method: string, path: string, body?: unknown): Promise<DialectAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(40_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /**
   * Runs an example of a document by the shell, as it stands but for hosts and the key.
   * @param hosts what stands there, and what takes its place
   */
  async curl(example: string, hosts: Record<string, string>): Promise<DialectAnswer> {
    const key = Object.entries(this.#headers).map(([name, value]) => `-H '${name}: ${value}'`);
    const command = Object.entries(hosts)
      .reduce((text, [host, other]) => text.replaceAll(host, other), example)
      .replace(/^curl /, `curl -s -m 40 -w '\\n%{http_code}' ${key.join(' ')} `);
    const { stdout } = await run('sh', ['-c', command], { timeout: 60_000 });
    const [, text = '', status] = /^([\s\S]*)\n(\d{3})$/.exec(stdout) ?? [];
    return { status: Number(status), body: text === '' ? undefined : JSON.parse(text) };
  }

  /** A simulated phone scans what a route shows; resolves when `isOpen` says so. */
  async link(
    simulator: SimulatorClient,
    code: () => Promise<string | null>,
    isOpen: () => Promise<boolean>,
  ): Promise<LinkedPhone> {
    const qr = await eventually(async () => (await code()) ?? undefined, {
      timeoutMs: 30_000,
      message: 'There is a QR code',
    });
    const linked = await simulator.scanQr(qr);
    await eventually(isOpen, { timeoutMs: 30_000, message: 'It is open' });
    return linked;
  }
}
