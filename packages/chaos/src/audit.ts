import type { FigureName } from './figures.ts';

/** What an event says that the audit asks for. */
export interface WitnessedEvent {
  id: string;
  type: string;
  instance: string;
  sequence: number;
  /** Of an incoming message: its id, and whether it could be decrypted. */
  message?: { id: string; readable: boolean };
  /** Of a delivery: its very text, to see that it is the same each time. */
  body?: string;
  /** It tells that the number has to be paired, or paired again. */
  unpaired?: boolean;
}

/** What is known of one instance and its contact. */
interface Exchange {
  instance: string;
  /** In the order of acceptance. */
  sends: readonly { text: string; outcome: 'pending' | 'accepted' | 'unanswered' }[];
  /** What the contact was shown, in order. */
  shown: readonly string[];
  /** Ids of what the contact wrote, in order. */
  inbound: readonly string[];
}

/** All that an audit looks at: the words of the simulator, of a live stream and of the receiver. */
export interface Evidence {
  exchanges: readonly Exchange[];
  /** Events as the API shows them, in that order. */
  log: readonly WitnessedEvent[];
  /** Deliveries with the right signature, in the order of their arrival. */
  deliveries: readonly WitnessedEvent[];
}

/** What can be found missing or too much. */
export const findingNames = [
  'lost',
  'duplicated',
  'out of order',
  'strange',
  'inbound lost',
  'inbound duplicated',
  'inbound out of order',
  'unreadable',
  'log gaps',
  'undelivered',
  'unstable ids',
  'deliveries out of order',
  're-pairings',
] as const satisfies readonly FigureName[];

export type FindingName = (typeof findingNames)[number];

/** Each of them in words that do not change when they are found again. */
export type Findings = Record<FindingName, string[]>;

/** What can still arrive: while one of these is found, an audit is worth repeating. */
const curable: readonly FindingName[] = ['lost', 'inbound lost', 'unreadable', 'log gaps', 'undelivered'];

/** What can still arrive, in words: `2 lost (ins_…: text 7)`. */
export const stillMissing = (findings: Findings): string[] =>
  curable.flatMap((name) => {
    const [first] = findings[name];
    return first === undefined ? [] : [`${findings[name].length} ${name} (${first})`];
  });

/** A number has told its state and shown its code before it was paired: only what comes afterwards is judged. */
export interface AuditOptions {
  /** By instance: the last sequence that belongs to the first pairing. */
  pairedAt?: ReadonlyMap<string, number>;
}

/** Compares what was accepted and written with what was seen of it. */
export function audit({ exchanges, log, deliveries }: Evidence, { pairedAt }: AuditOptions = {}): Findings {
  const findings = Object.fromEntries(findingNames.map((name) => [name, [] as string[]])) as Findings;
  const events = byInstance(log);
  const delivered = byInstance(deliveries);
  for (const exchange of exchanges) {
    auditSends(exchange, findings);
    auditInbound(exchange, events.get(exchange.instance) ?? [], findings);
  }
  for (const [instance, own] of events) {
    auditSequences(instance, own, findings);
    for (const { id, sequence, type, unpaired } of own) {
      if (unpaired && sequence > (pairedAt?.get(instance) ?? 0)) findings['re-pairings'].push(`${id}: ${type}`);
    }
  }
  auditDeliveries(events, delivered, findings);
  return findings;
}

function auditSends({ instance, sends, shown }: Exchange, findings: Findings): void {
  const places = new Map(sends.map(({ text }, place) => [text, place]));
  const seen = new Set<string>();
  let latest: { text: string; place: number } | undefined;
  for (const text of shown) {
    const what = `${instance}: ${text}`;
    const place = places.get(text);
    if (seen.has(text)) findings.duplicated.push(what);
    else if (place === undefined) findings.strange.push(what);
    else if (latest && place < latest.place) findings['out of order'].push(`${what} after ${latest.text}`);
    else latest = { text, place };
    seen.add(text);
  }
  for (const { text, outcome } of sends) {
    if (outcome === 'accepted' && !seen.has(text)) findings.lost.push(`${instance}: ${text}`);
  }
}

function auditInbound({ instance, inbound }: Exchange, events: readonly WitnessedEvent[], findings: Findings): void {
  const written = new Map(inbound.map((id, place) => [id, place]));
  const told = new Map<string, { readable: number; ids: string[] }>();
  let latest: { id: string; place: number } | undefined;
  for (const event of new Map(events.map((each) => [each.id, each])).values()) {
    const { message } = event;
    const place = message && written.get(message.id);
    if (!message || place === undefined) continue;
    const known = told.get(message.id) ?? { readable: 0, ids: [] };
    told.set(message.id, known);
    if (!message.readable) continue;
    known.readable += 1;
    known.ids.push(event.id);
    if (known.readable > 1) continue;
    if (latest && place < latest.place)
      findings['inbound out of order'].push(`${instance}: ${message.id} after ${latest.id}`);
    else latest = { id: message.id, place };
  }
  for (const id of inbound) {
    const known = told.get(id);
    if (!known) findings['inbound lost'].push(`${instance}: ${id}`);
    else if (known.readable === 0) findings.unreadable.push(`${instance}: ${id}`);
    else if (known.readable > 1) findings['inbound duplicated'].push(`${instance}: ${id} in ${known.ids.join(', ')}`);
  }
}

/** A log shows each of its numbers once, in order, from the first one. */
function auditSequences(instance: string, events: readonly WitnessedEvent[], findings: Findings): void {
  let expected = 1;
  for (const { sequence } of events) {
    if (sequence > expected) findings['log gaps'].push(`${instance}: ${expected} to ${sequence - 1}`);
    else if (sequence < expected) findings['log gaps'].push(`${instance}: ${sequence} again`);
    expected = Math.max(expected, sequence + 1);
  }
}

function auditDeliveries(
  events: ReadonlyMap<string, readonly WitnessedEvent[]>,
  deliveries: ReadonlyMap<string, readonly WitnessedEvent[]>,
  findings: Findings,
): void {
  for (const [instance, own] of events) {
    const arrived = new Set((deliveries.get(instance) ?? []).map(({ id }) => id));
    for (const { id } of own) if (!arrived.has(id)) findings.undelivered.push(id);
  }
  for (const [instance, own] of deliveries) {
    const idOf = new Map((events.get(instance) ?? []).map(({ sequence, id }) => [sequence, id]));
    const bodies = new Map<string, string | undefined>();
    let newest = 0;
    for (const { id, sequence, body } of own) {
      const first = bodies.get(id);
      const known = idOf.get(sequence);
      if (known === undefined) idOf.set(sequence, id);
      else if (known !== id) findings['unstable ids'].push(`${instance}: ${sequence} as ${known} and ${id}`);
      if (bodies.has(id)) {
        if (first !== body) findings['unstable ids'].push(`${id}: another content`);
        continue;
      }
      bodies.set(id, body);
      // A gap is not told here: what is missing is undelivered, and what comes later is out of order.
      if (sequence < newest) findings['deliveries out of order'].push(`${id} after ${newest}`);
      newest = Math.max(newest, sequence);
    }
  }
}

function byInstance(events: readonly WitnessedEvent[]): Map<string, WitnessedEvent[]> {
  const sorted = new Map<string, WitnessedEvent[]>();
  for (const event of events) {
    const own = sorted.get(event.instance);
    if (own) own.push(event);
    else sorted.set(event.instance, [event]);
  }
  return sorted;
}
