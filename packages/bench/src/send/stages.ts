/** A profile of V8, as far as it is needed here. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  /** µs since the sample before. */
  timeDeltas: number[];
}

/** What a file belongs to; the first that fits counts. */
const stages: [stage: string, RegExp][] = [
  ['profiler', /send\/profiling\.ts/],
  [
    'encryption',
    /\/libsignal\/|baileys\/lib\/Signal|whatsapp-rust-bridge|packages\/auth-state|Utils\/(crypto|auth-utils)/,
  ],
  ['socket', /\/ws\/|WABinary|noise-handler|Client\/websocket/],
  ['queue', /\/bullmq\/|packages\/queue|send-lane/],
  ['journal, history, events', /instance-store|packages\/(instance|history|lease)\//],
  ['logs', /\/(pino|sonic-boom|thread-stream)/],
  ['Baileys, the rest', /@whiskeysockets\/baileys|protobufjs/],
  ['ours, the rest', /\/(apps|packages)\/[^/]+\/src\//],
];
const client = /\/(ioredis|redis-parser|@ioredis|standard-as-callback)|packages\/redis\//;

/**
 * How much processor time each stage has taken. What belongs to nobody, such as Node's own parts and the client of
 * Redis, counts for whoever has called it.
 * @returns stage → ms
 */
export function timeByStage({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map<number, string>();
  const stageOf = (id: number): string => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const { functionName = '', url = '' } = byId.get(id)?.callFrame ?? {};
    const parent = parents.get(id);
    const own = client.test(url) ? undefined : stages.find(([, pattern]) => pattern.test(url))?.[0];
    const above = parent === undefined ? '' : stageOf(parent);
    const stage =
      functionName === '(garbage collector)'
        ? 'garbage collection'
        : functionName === '(idle)'
          ? 'idle'
          : (own ?? (above || (client.test(url) ? 'client of Redis' : '')));
    known.set(id, stage);
    return stage;
  };
  const times = new Map<string, number>();
  samples.forEach((id, n) => {
    const stage = stageOf(id) || 'Node itself';
    times.set(stage, (times.get(stage) ?? 0) + (timeDeltas[n] ?? 0) / 1_000);
  });
  // What was measured with is no part of it.
  for (const none of ['idle', 'profiler']) times.delete(none);
  return times;
}
