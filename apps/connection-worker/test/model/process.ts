import { instanceKeys, type NewEvent, workerKeys } from '@flotilla/contracts';
import { LeaseLostError, type LeaseState } from '@flotilla/lease';
import { createQueues, sharedBackend } from '@flotilla/queue';
import { defineScript, type Redis } from '@flotilla/redis';
import { createFaultPoints, createLogger } from '@flotilla/service';
import type { OpenedSocket, SocketUpdate } from '../../src/connection/socket.ts';
import type { WorkerFaultPoints } from '../../src/fault-points.ts';
import type { Holding } from '../../src/holding.ts';
import type { Loops } from '../../src/loops.ts';
import type { Sender } from '../../src/send-lane.ts';
import { Worker } from '../../src/worker.ts';
import type { WorkerMetrics } from '../../src/worker-metrics.ts';
import { type Break, createTamper, type Violations } from './breaks.ts';
import { Gate } from './gate.ts';
import type { Login, WhatsApp } from './whatsapp.ts';

const lua = (name: string) => defineScript(new URL(`../../../../packages/lease/src/lua/${name}.lua`, import.meta.url));
const registerScript = lua('register');
const renewScript = lua('renew');
/** Longer than any run: time passes in the model only when a step says so (ms). */
const ttlMs = 3_600_000;

const log = createLogger({ name: 'model', level: 'silent' });

export interface Surroundings {
  url: string;
  /** A connection that no door holds up. */
  redis: Redis;
  whatsapp: WhatsApp;
  metrics: WorkerMetrics;
  loops: Loops;
  broken: Break | undefined;
  violations: Violations;
  /** Instances that somebody has asked to relay. */
  nudged: Set<string>;
}

/** One incarnation of a connection worker: everything as it is shipped, but for its lease's clock and its socket. */
export class Process {
  readonly incarnation: string;
  readonly gate = new Gate();
  readonly worker: Worker;
  readonly #around: Surroundings;
  readonly #redis: Redis;
  #lease: LeaseState = 'held';
  isDead = false;

  static async start(around: Surroundings, incarnation: string): Promise<Process> {
    await registerScript(around.redis, [workerKeys.lease(incarnation)], [ttlMs, 'host:1', 10]);
    const gate = new Gate();
    const { tamper, onDone } = createTamper(around, incarnation);
    return new Process(around, incarnation, gate, await gate.connect(around.url, tamper, onDone));
  }

  constructor(around: Surroundings, incarnation: string, gate: Gate, redis: Redis) {
    this.#around = around;
    this.incarnation = incarnation;
    this.gate = gate;
    this.#redis = redis;
    const { metrics, loops, nudged, broken } = around;
    const held = () => this.#lease === 'held';
    const faults: WorkerFaultPoints = createFaultPoints(
      broken === 'takes over from the living' ? 'guard-off-claim' : undefined,
      'test',
    );
    this.worker = new Worker({
      redis,
      incarnation,
      capacity: 10,
      faults,
      log,
      lease: {
        incarnation,
        address: 'host:1',
        state: 'held',
        held,
        assertHeld: () => {
          if (!held()) throw new LeaseLostError('The lease is not held');
        },
        start: async () => {},
        remainingMs: () => 1,
        setLoad: () => {},
        setDraining: () => {},
        end: async () => {},
      },
      context: {
        redis,
        log,
        metrics,
        loops,
        faults,
        queues: {
          ...createQueues({ connection: around.redis }),
          nudgeRelay: async ({ instance }) => {
            // It leaves by the same connection as what it tells of, so it comes to Redis behind that.
            await redis.ping();
            nudged.add(instance);
          },
          requestConnect: async () => {},
        },
        laneBackend: sharedBackend(redis),
        historyBounds: { days: 0, messages: 0 },
        takeLogin: async () => 0,
        refuseVersion: async () => {},
        storedAuth: { hasAccount: async () => true, forget: () => {} },
        openSocket: (holding, onUpdate) => this.#open(holding, onUpdate),
      },
    });
  }

  /** The process is gone from this moment on. */
  die(): void {
    this.isDead = true;
    this.gate.die();
    // What it still believes concerns nobody: its door is shut for ever.
    for (const { id } of this.worker.holdings.values()) {
      const { login } = this.#around.whatsapp.of(id);
      if (login?.of === this.incarnation) this.#around.whatsapp.close(id, 428);
    }
  }

  /** Past its local deadline it closes its sockets, and does nothing until it has renewed its lease. */
  deadline(): void {
    if (this.#lease !== 'held') return;
    this.#lease = 'expired';
    this.worker.suspend();
  }

  async renew(): Promise<void> {
    const reply = await renewScript(this.#redis, [workerKeys.lease(this.incarnation)], [ttlMs, 1, 0]).catch(
      () => 'lost',
    );
    if (reply === 'lost' || this.#lease === 'lost') return;
    if (typeof reply === 'number') {
      this.#lease = 'held';
      this.worker.resume();
      return;
    }
    // Somebody has declared it dead: everything belongs to others now, and the process ends.
    this.#lease = 'lost';
    this.worker.lose();
    this.die();
  }

  disconnect(): void {
    this.#redis.disconnect();
  }

  async #open(holding: Holding, onUpdate: (update: SocketUpdate) => void): Promise<OpenedSocket> {
    const { whatsapp, broken } = this.#around;
    const { gate } = this;
    await gate.network();
    const closed = new AbortController();
    const login = whatsapp.login(holding.id, this.incarnation, (code) => {
      closed.abort();
      void gate.network().then(() => onUpdate({ kind: 'closed', code }));
    });
    const receive = createReceiver(this.#around, gate, holding, login);
    login.onInbound = () => void receive();
    void gate.network().then(() => {
      if (!login.alive) return;
      onUpdate({ kind: 'open', jid: '14155550100@s.whatsapp.net', lid: '1@lid' });
      void receive();
    });
    const sender: Sender = {
      async send({ messageId }, journal) {
        const before = await journal.sent(messageId);
        if (before?.acked) return { outcome: 'acked' };
        if (!before) await journal.sending(messageId, Buffer.from(messageId));
        await gate.network();
        if (!login.alive) return { outcome: 'interrupted' };
        const id = broken === 'a new id for each send' ? crypto.randomUUID() : messageId;
        whatsapp.send(holding.id, login, id);
        await gate.network();
        return { outcome: login.alive ? 'acked' : 'interrupted' };
      },
    };
    return {
      sender,
      requester: { ask: async () => null },
      requestPairingCode: async () => '',
      logout: async () => {},
      close: async () => whatsapp.leave(holding.id, login),
    };
  }
}

/** Takes what WhatsApp delivers, one after the other: stored first, then acknowledged. */
function createReceiver({ whatsapp, broken }: Surroundings, gate: Gate, holding: Holding, login: Login) {
  const { id: instance, store } = holding;
  let receiving = false;
  const next = () => (login.alive ? whatsapp.of(instance).inbound[0] : undefined);
  return async () => {
    if (receiving) return;
    receiving = true;
    try {
      for (let id = next(); id !== undefined; id = next()) {
        await gate.network();
        if (broken === 'a receipt before storing') {
          whatsapp.receipt(instance, login, id);
          // Other things happen before it gets to storing.
          for (let n = 0; n < 5; n += 1) await gate.network();
        }
        const ratchet = { command: 'hset', key: instanceKeys.authState(instance), args: ['session:1', id] };
        await store.write([ratchet], [{ event: arrival(id), once: id }]);
        await gate.network();
        whatsapp.receipt(instance, login, id);
      }
    } catch {
      // What cannot be stored is not acknowledged: the socket is closed, and it comes again.
      if (login.alive) whatsapp.close(instance, 428);
    } finally {
      receiving = false;
    }
  };
}

const chat = '14155550101@s.whatsapp.net';

const arrival = (id: string): NewEvent => ({
  type: 'messages.upsert',
  occurredAt: 1,
  data: {
    type: 'notify',
    message: { id, chat, fromMe: false, sender: { jid: chat }, timestamp: 1, kind: 'text', text: id },
  },
});
