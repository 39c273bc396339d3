import { connectRedis, type Redis, ready } from '@flotilla/redis';

/** Something that a process is about to do, and that becomes real only when its turn is granted. */
interface Turn {
  kind: 'redis' | 'network';
  /** Does it; resolves when whoever waits for it has its answer. */
  go(): Promise<void>;
  /** Lets it fail for whoever waits; `executed`: it was done all the same, and only the answer is lost. */
  fail(executed: boolean): Promise<void>;
}

/** A command as it goes out; `tamper` may change its arguments first. */
export type Command = Parameters<Redis['sendCommand']>[0];
export type Tamper = (command: Command) => Promise<'send' | { answer: unknown }>;

/**
 * The door between one process and the world: nothing that it does, to Redis or to WhatsApp, happens before it is let
 * through. A process whose door stays shut is frozen, one whose door never opens again has died on the spot.
 */
export class Gate {
  #turns: Turn[] = [];
  #isDead = false;

  get waiting(): number {
    return this.#turns.length;
  }

  /** From now on nothing passes any more. */
  die(): void {
    this.#isDead = true;
    this.#turns = [];
  }

  /** Waits at the door with a message to or from WhatsApp. */
  network(): Promise<void> {
    return new Promise((resolve) => this.#enter({ kind: 'network', go: async () => resolve(), fail: async () => {} }));
  }

  /**
   * Lets one turn through.
   * @param network prefers what concerns WhatsApp; commands to Redis keep their order in any case
   */
  async pass(network: boolean): Promise<void> {
    const turn = this.#next(network);
    await turn?.go();
    await quiet();
  }

  /** Lets the next command to Redis fail. */
  async fail(executed: boolean): Promise<void> {
    const index = this.#turns.findIndex(({ kind }) => kind === 'redis');
    const [turn] = index < 0 ? [] : this.#turns.splice(index, 1);
    await turn?.fail(executed);
    await quiet();
  }

  #next(network: boolean): Turn | undefined {
    const index = this.#turns.findIndex(({ kind }) => kind === (network ? 'network' : 'redis'));
    return this.#turns.splice(Math.max(0, index), 1)[0];
  }

  #enter(turn: Turn): void {
    if (!this.#isDead) this.#turns.push(turn);
  }

  /** A connection to Redis whose commands wait at this door. */
  async connect(url: string, tamper: Tamper, onDone: (command: Command) => Promise<void>): Promise<Redis> {
    const redis = connectRedis(url, { name: 'model', manner: 'patient' });
    await ready(redis);
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (command: Command, stream?: Parameters<Redis['sendCommand']>[1]) => {
      if (stream) return send(command, stream);
      const go = async () => {
        const decision = await tamper(command);
        if (decision === 'send') send(command);
        else command.resolve(decision.answer as Buffer);
        await command.promise.then(
          () => onDone(command),
          () => {},
        );
      };
      const fail = async (executed: boolean) => {
        command.promise.catch(() => {});
        if (executed) send(command);
        command.reject(new Error('Command timed out'));
      };
      this.#enter({ kind: 'redis', go, fail });
      return command.promise;
    };
    return redis;
  }
}

/** Resolves when everybody has done what could be done without another turn. */
async function quiet(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
