/** What one unit of something costs, where the figure is from, and where in the results a newer one is found. */
export interface UnitCost {
  what: string;
  value: number;
  unit: string;
  /** Where the value is from as long as no benchmark has said anything. */
  origin: string;
  /** The cell of a benchmark's table that replaces it: the last row with this label. */
  measuredBy?: { bench: string; table: string; row?: string; column: string; factor?: number };
}

const earlier = 'measured during development, on two shared cores';
const assumed = 'assumed';
const received = {
  bench: 'receive',
  table: 'Each message, where all of them were there at the beginning',
  column: 'processor time (ms)',
};
/** Of the simulation whose steady state is kept. */
const simulatedWorkers = 500;

/** Every figure that the model of large fleets rests on. */
export const unitCosts = {
  workerMb: {
    what: 'connection worker without instances, memory',
    value: 110,
    unit: 'MB',
    origin: earlier,
    measuredBy: {
      bench: 'density',
      table: 'The process without an instance, and each instance when garbage has been collected by force',
      row: 'connection worker',
      column: 'RSS without any (MB)',
    },
  },
  instanceKb: {
    what: 'open, idle instance, memory',
    value: 300,
    unit: 'kB',
    origin: earlier,
    measuredBy: { bench: 'density', table: 'Each open, idle instance', row: 'connection worker', column: 'RSS (kB)' },
  },
  idleMs: {
    what: 'open, idle instance, processor time in a minute',
    value: 12,
    unit: 'ms',
    origin: assumed,
    measuredBy: {
      bench: 'density',
      table: 'Each open, idle instance',
      row: 'connection worker',
      column: 'processor time in a minute (ms)',
    },
  },
  loginMs: {
    what: 'login, processor time of the worker',
    value: 20,
    unit: 'ms',
    origin: earlier,
    measuredBy: {
      bench: 'lifecycle',
      table: '500 stored instances after SIGKILL and a start in the same place',
      row: 'connection worker',
      column: 'processor time of each (ms)',
    },
  },
  sendMs: {
    what: 'message sent, processor time of the worker',
    value: 2.6,
    unit: 'ms',
    origin: earlier,
    measuredBy: { bench: 'send', table: 'Each message', row: 'one worker', column: 'processor time (ms)' },
  },
  receiveMs: {
    what: 'message received, processor time of the worker',
    value: 2.2,
    unit: 'ms',
    origin: earlier,
    measuredBy: { ...received, row: 'of it: connection worker' },
  },
  acceptMs: {
    what: 'message accepted, processor time of the gateway',
    value: 0.6,
    unit: 'ms',
    origin: earlier,
    measuredBy: {
      bench: 'gateway',
      table: 'Each request',
      row: 'gateway',
      column: 'processor time (µs)',
      factor: 0.001,
    },
  },
  deliverMs: {
    what: 'event delivered to a webhook, processor time of the webhook worker',
    value: 0.9,
    unit: 'ms',
    origin: earlier,
    measuredBy: { ...received, row: 'of it: webhook worker' },
  },
  redisSendMs: {
    what: 'message sent, processor time of Redis',
    value: 0.9,
    unit: 'ms',
    origin: earlier,
    measuredBy: { bench: 'send', table: 'Each message', row: 'one worker', column: 'that of Redis (ms)' },
  },
  redisSendCommands: {
    what: 'message sent, commands of Redis',
    value: 90,
    unit: '',
    origin: earlier,
    measuredBy: { bench: 'send', table: 'Each message', row: 'one worker', column: 'Redis commands' },
  },
  redisReceiveMs: {
    what: 'message received and its event delivered, processor time of Redis',
    value: 0.7,
    unit: 'ms',
    origin: earlier,
    measuredBy: { ...received, row: 'of it: Redis' },
  },
  redisReceiveCommands: { what: 'message received, commands of Redis', value: 50, unit: '', origin: assumed },
  redisDeliverMs: {
    what: 'further event delivered, processor time of Redis',
    value: 0.35,
    unit: 'ms',
    origin: 'assumed: more than in bulk, less than alone, see `pnpm bench webhooks`',
  },
  redisKb: {
    what: 'instance, memory of Redis without history',
    value: 330,
    unit: 'kB',
    origin: earlier,
    measuredBy: { bench: 'density', table: 'Redis', column: 'memory of each instance (kB)' },
  },
  historyKb: { what: 'message of the history, memory of Redis', value: 0.6, unit: 'kB', origin: earlier },
  workerCommands: {
    what: 'idle connection worker, commands of Redis in a minute',
    value: 500,
    unit: '',
    origin: earlier,
    measuredBy: {
      bench: 'placement',
      table: 'What it asks of Redis',
      row: 'steady state',
      column: 'commands a second: mean',
      factor: 60 / simulatedWorkers,
    },
  },
  commandUs: {
    what: 'command of an idle worker, processor time of Redis',
    value: 8,
    unit: 'µs',
    origin: earlier,
  },
  commandBytes: { what: 'the same, bytes to and from Redis', value: 200, unit: 'B', origin: assumed },
  workerConnections: {
    what: 'connections of a process to each Redis',
    value: 5,
    unit: '',
    origin: 'as it is built',
    measuredBy: { bench: 'idle', table: 'The fleet as a whole, in a minute', column: 'connections of each worker' },
  },
  eventsPerPair: {
    what: 'events for a message out and one in: accepted, delivered, read, received',
    value: 4,
    unit: '',
    origin: assumed,
  },
  whatsappKb: { what: 'message, bytes to or from WhatsApp', value: 1.5, unit: 'kB', origin: assumed },
  webhookKb: { what: 'event, bytes to a webhook', value: 2.5, unit: 'kB', origin: assumed },
  redisTrafficKb: { what: 'message or event, bytes to and from Redis', value: 12, unit: 'kB', origin: assumed },
  idleBytes: { what: 'idle instance, bytes to and from WhatsApp in a minute', value: 300, unit: 'B', origin: assumed },
  vcpuPrice: { what: 'core for a month', value: 20, unit: 'USD', origin: 'example' },
  gbPrice: { what: 'gigabyte of memory for a month', value: 3, unit: 'USD', origin: 'example' },
  trafficPrice: { what: 'gigabyte to the internet', value: 0.05, unit: 'USD', origin: 'example' },
} as const satisfies Record<string, UnitCost>;

export type UnitName = keyof typeof unitCosts;
