import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/** About what is stored of a text that is sent to one person with one device (bytes). */
const sizes = { content: 90, history: 160, session: 900, event: 250 };

/** What has to be stored of a message, each in one round trip. */
export interface DurableWrites {
  /** Takes a message from a queue, with its journal. */
  take(id: string): Promise<void>;
  /** Before it leaves: the journal, the history, and the ratchets of the recipient's device and of the own phone. */
  beforeWire(id: string): Promise<void>;
  /** What has become of it: the journal, and an event for whoever wants to know. */
  step(id: string, status: 'acked' | 'delivered'): Promise<void>;
  close(): void;
}

/**
 * The least that makes a send outlive its process, by plain transactions of a plain client: no scripts, no fence, no
 * encryption of what is stored, nothing that is looked at twice.
 * @param account whose messages they are
 */
export function openDurableWrites(url: string, account: string): DurableWrites {
  const redis = new Redis(url);
  const key = (name: string) => `bare:{${account}}:${name}`;
  const bytes = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, randomBytes(size)]));
  const part = (name: keyof typeof sizes): Buffer => bytes[name] ?? Buffer.alloc(0);
  return {
    async take(id) {
      await redis.multi().lmove(key('wait'), key('active'), 'RIGHT', 'LEFT').hgetall(key(id)).exec();
    },
    async beforeWire(id) {
      await redis
        .multi()
        .hset(key(id), 'status', 'sending', 'at:sending', Date.now(), 'content', part('content'))
        .hset(key('history'), id, part('history'))
        .hset(key('auth'), 'session:contact', part('session'), 'session:phone', part('session'))
        .exec();
    },
    async step(id, status) {
      await redis
        .multi()
        .hset(key(id), 'status', status, `at:${status}`, Date.now())
        .xadd(key('events'), 'MAXLEN', '~', 5_000, '*', 'event', part('event'))
        .exec();
    },
    close: () => redis.disconnect(),
  };
}
