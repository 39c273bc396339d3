import { instanceKeys, type NewEvent, tenantKeys, workerKeys } from '@flotilla/contracts';
import {
  acceptCommands,
  appendToFeed,
  createInstances,
  lastSequence,
  readEvents,
  readFeed,
  readJournal,
} from '@flotilla/instance';
import { declareDead, type Ownership, readOwnership } from '@flotilla/lease';
import { defineScript } from '@flotilla/redis';
import { Process, type Surroundings } from './process.ts';

const raiseRelayed = defineScript(new URL('../../../webhook-worker/src/raise-relayed.lua', import.meta.url));

const tenant = 'ten_a';
/** Longer than any run (ms). */
const longest = 315_360_000_000;
/** So many rounds of everything bring a fleet without faults to rest. */
const mostRounds = 150;

/** The reference: what was promised, in the order in which it was. */
interface Promised {
  accepted: string[];
  delivered: string[];
}

/** Some workers, some instances, WhatsApp and the relay, moved one step at a time. */
export class World {
  readonly instances: string[] = [];
  processes: Process[] = [];
  readonly #around: Surroundings;
  readonly #promised = new Map<string, Promised>();
  readonly #seen = new Map<string, Ownership>();
  readonly #all: Process[] = [];
  #count = 0;
  /** Moves that hand an instance to another login, or leave a send without an answer: each may repeat one message. */
  disturbances = 0;
  advance: (ms: number) => void;

  constructor(around: Surroundings, advance: (ms: number) => void) {
    this.#around = around;
    this.advance = advance;
  }

  async begin(instances: number, workers: number): Promise<void> {
    const { redis } = this.#around;
    await redis.flushdb();
    await redis.hset(tenantKeys.record(tenant), 'name', 'Acme');
    for (let n = 0; n < instances; n += 1) {
      const { id } = await createInstances(redis).create({ tenant, name: `Instance ${n}` });
      await redis.hset(instanceKeys.record(id), 'paired', 'true', 'desired', 'connected');
      this.instances.push(id);
      this.#promised.set(id, { accepted: [], delivered: [] });
    }
    for (let n = 0; n < workers; n += 1) await this.spawn();
  }

  async spawn(): Promise<void> {
    this.#count += 1;
    const process = await Process.start(this.#around, `w${this.#count}`);
    this.#all.push(process);
    this.processes.push(process);
  }

  /** A tenant's message; `again` repeats an earlier request. */
  async accept(instance: string, again?: number): Promise<void> {
    const { redis } = this.#around;
    const { accepted } = this.#of(instance);
    const messageId =
      (again === undefined ? undefined : accepted[again % accepted.length]) ?? `${instance}-${accepted.length}`;
    const to = '14155550101@s.whatsapp.net';
    const body = { to, text: messageId };
    const command = { messageId, command: 'send.text', to, body, fingerprint: 'f', ttlMs: longest } as const;
    await acceptCommands(redis, { id: instance, tenant }, [command]);
    if (!accepted.includes(messageId)) accepted.push(messageId);
    this.wake(instance);
  }

  /** Somebody writes to the instance. */
  deliver(instance: string): void {
    const { delivered } = this.#of(instance);
    const id = `in-${instance}-${delivered.length}`;
    delivered.push(id);
    this.#around.whatsapp.deliver(instance, id);
  }

  wake(instance: string): void {
    for (const { worker, isDead } of this.processes) if (!isDead) void worker.holdings.get(instance)?.attend();
  }

  /** What the connect queue, a wake list or the sweep does: a worker looks after an instance. */
  take(process: Process, instance: string): void {
    process.worker.take(instance).catch(() => {});
  }

  giveAway(process: Process, instance: string): void {
    const holding = process.worker.holdings.get(instance);
    if (!holding) return;
    this.disturbances += 1;
    process.worker.giveAway(holding, async () => {}).catch(() => {});
  }

  async crash(process: Process, proof: boolean): Promise<void> {
    this.disturbances += 1;
    process.die();
    const { redis } = this.#around;
    if (proof) await declareDead(redis, process.incarnation, { proof: true });
    else await this.runOut(process);
    this.processes = this.processes.filter((one) => one !== process);
    await this.spawn();
  }

  /** Time passes until a lease has run out by Redis' clock; its worker may not have noticed. */
  async runOut({ incarnation }: Process): Promise<void> {
    this.disturbances += 1;
    await this.#around.redis.hset(workerKeys.lease(incarnation), 'exp', 1);
  }

  disconnect(instance: string): void {
    this.disturbances += 1;
    this.#around.whatsapp.close(instance, 428);
  }

  /** What the webhook worker does with one instance; it may die before the cursor has risen. */
  async relay(instance: string, dies: boolean): Promise<void> {
    const { redis, nudged, broken } = this.#around;
    if (!nudged.has(instance)) return;
    const cursor = instanceKeys.relayed(instance);
    const events = await readEvents(redis, instance, Number((await redis.get(cursor)) ?? 0), 5);
    const newest = events.at(-1)?.sequence;
    const feed = () => appendToFeed(redis, { tenant, instance }, events);
    const raise = () => newest !== undefined && raiseRelayed(redis, [cursor], [newest]);
    const [first, second] = broken === 'a cursor that rises first' ? [raise, feed] : [feed, raise];
    await first();
    if (dies) return;
    await second();
    if (events.length < 5) nudged.delete(instance);
  }

  /** Holds every owner against the one before: nobody loses an instance alive, and epochs only rise. */
  async check(): Promise<void> {
    const { redis, violations } = this.#around;
    for (const instance of this.instances) {
      const now = await readOwnership(redis, instance);
      const before = this.#seen.get(instance) ?? { owner: '', epoch: 0 };
      this.#seen.set(instance, now);
      if (now.epoch < before.epoch)
        violations.push(`The epoch of ${instance} fell from ${before.epoch} to ${now.epoch}`);
      if (now.epoch === before.epoch && now.owner !== '' && now.owner !== before.owner)
        violations.push(`${instance} has changed hands in epoch ${now.epoch}`);
      if (now.owner === before.owner || now.owner === '' || before.owner === '') continue;
      const dead = await redis.hget(workerKeys.lease(before.owner), 'dead');
      if (dead === null) violations.push(`${now.owner} took ${instance} from ${before.owner}, which is alive`);
    }
    if (violations.length > 0) throw new Error(violations.join('; '));
  }

  /** No more faults: everybody goes on until nothing is left to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      if (await this.#isDone()) return;
      for (const process of [...this.processes]) {
        if (process.isDead) {
          this.processes = this.processes.filter((one) => one !== process);
          await this.spawn();
          continue;
        }
        if (round % 5 === 0) void process.renew();
        for (const instance of this.instances) this.take(process, instance);
        for (let n = 0; n < 60 && process.gate.waiting > 0; n += 1) await process.gate.pass(n % 2 === 1);
        await this.check();
      }
      for (const instance of this.instances) await this.relay(instance, false);
      // Backing off and trying again: up to a minute.
      if (round % 3 === 2) this.advance(20_000);
    }
    const states = this.processes.flatMap(({ incarnation, worker }) =>
      [...worker.holdings.values()].map(({ id, connection }) => `${incarnation} ${id} ${connection.state.name}`),
    );
    throw new Error(`It does not come to rest: ${states.join(', ')}; ${await this.#left()}`);
  }

  async #left(): Promise<string> {
    const { redis, whatsapp } = this.#around;
    const lines = await Promise.all(
      this.instances.map(async (id) => {
        const queue = `${instanceKeys.queuePrefix(id)}:commands`;
        const [waiting, active] = [await redis.llen(`${queue}:wait`), await redis.llen(`${queue}:active`)];
        return `${id}: ${waiting} wait, ${active} active, ${whatsapp.of(id).inbound.length} come in`;
      }),
    );
    return lines.join('; ');
  }

  async #isDone(): Promise<boolean> {
    const { redis, whatsapp, nudged } = this.#around;
    if (nudged.size > 0 || this.processes.some(({ gate }) => gate.waiting > 0)) return false;
    for (const instance of this.instances) {
      if (whatsapp.of(instance).inbound.length > 0) return false;
      for (const id of this.#of(instance).accepted)
        if ((await readJournal(redis, instance, id))?.status !== 'acked') return false;
      if (Number((await redis.get(instanceKeys.relayed(instance))) ?? 0) < (await lastSequence(redis, instance)))
        return false;
    }
    return true;
  }

  /** Holds what has become of everything against what was promised. */
  async audit(): Promise<string[]> {
    const { redis, whatsapp } = this.#around;
    const found: string[] = [];
    const expectSame = (what: string, is: readonly unknown[], should: readonly unknown[]) => {
      if (JSON.stringify(is) !== JSON.stringify(should))
        found.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
    };
    const feed = await readFeed(redis, tenant, '0', 100_000);
    for (const instance of this.instances) {
      const { accepted, delivered } = this.#of(instance);
      const { shown, sent, received } = whatsapp.of(instance);
      expectSame(`${instance} shows`, shown, accepted);
      expectSame(`${instance} has received`, received, delivered);
      for (const [id, times] of sent)
        if (times > 1 + this.disturbances)
          found.push(`${id} was sent ${times} times after ${this.disturbances} disturbances`);
      const events = await readEvents(redis, instance, 0, 100_000);
      expectSame(
        `Sequences of ${instance}`,
        events.map(({ sequence }) => sequence),
        events.map((_, n) => n + 1),
      );
      expectSame(`${instance} tells what came in`, arrived(events), delivered);
      expectSame(`${instance} tells what was acknowledged`, acknowledged(events), accepted);
      const pointers = feed.filter((pointer) => pointer.instance === instance).map(({ sequence }) => sequence);
      expectSame(
        `The feed of ${instance}`,
        pointers,
        events.map((_, n) => n + 1),
      );
    }
    return found;
  }

  /** Ends every process, and its connection to Redis. */
  end(): void {
    for (const process of this.#all) {
      process.die();
      process.disconnect();
    }
  }

  #of(instance: string): Promised {
    return this.#promised.get(instance) ?? { accepted: [], delivered: [] };
  }
}

const arrived = (events: readonly NewEvent[]) =>
  events.flatMap((event) => (event.type === 'messages.upsert' ? [event.data.message.id] : []));

const acknowledged = (events: readonly NewEvent[]) =>
  events.flatMap((event) => (event.type === 'messages.update' && event.data.status === 'acked' ? [event.data.id] : []));
