import { type App, eventually, type Fleet, freePort, type TenantClient } from '@flotilla/fleet';
import { expect } from 'vitest';

/**
 * The only connection worker of a fleet, which a test has die at a fault point and replaces: always at the same port, so
 * that the next one takes back at once what the last one held.
 */
export class DyingWorker {
  readonly #fleet: Fleet;
  readonly #port: number;
  #app: App | undefined;

  private constructor(fleet: Fleet, port: number) {
    this.#fleet = fleet;
    this.#port = port;
  }

  static async of(fleet: Fleet): Promise<DyingWorker> {
    return new DyingWorker(fleet, await freePort());
  }

  /** Ends the present worker and starts one that dies, or lacks a guard, at these points. */
  async start(...faultPoints: string[]): Promise<void> {
    await this.#app?.kill();
    this.#app = await this.#fleet.addWorker({
      PORT: this.#port,
      NODE_ENV: 'test',
      FAULT_POINTS: faultPoints.join() || undefined,
    });
  }

  /** The same, and waits until it has opened an instance. */
  async startWith(tenant: TenantClient, instance: string, ...faultPoints: string[]): Promise<void> {
    await this.start(...faultPoints);
    await this.opens(tenant, instance);
  }

  /** Waits until the present worker, not one of before, has opened an instance. */
  async opens(tenant: TenantClient, instance: string): Promise<void> {
    const { incarnation } = (await (await fetch(`${this.#started.url}/incarnation`)).json()) as { incarnation: string };
    await eventually(
      async () => {
        const { worker, status } = await tenant.instance(instance);
        return worker === incarnation && status.state === 'open';
      },
      { timeoutMs: 30_000, message: 'The worker has opened the instance' },
    );
  }

  /** Waits until it has killed itself. */
  async dies(): Promise<void> {
    expect(await this.#started.exited).toMatchObject({ signal: 'SIGKILL' });
  }

  get #started(): App {
    if (!this.#app) throw new Error('No worker has been started');
    return this.#app;
  }
}
