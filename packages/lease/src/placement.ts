/**
 * Who carries what: every decision about it, apart from whoever reads and writes Redis. Workers make them, and so does the
 * simulation of large fleets, so that what it shows is what the fleet does.
 *
 * The rule behind all of them: what one worker does must not grow with the number of workers, and what all of them could
 * do is shared by chance instead of being done by each.
 */

import { pace } from './pace.ts';

/** A worker and its load, as peers see it. */
export interface PeerLoad {
  incarnation: string;
  load: number;
  capacity: number;
}

/** How often loads are compared (ms), before jitter. */
const balanceEveryMs = 3_000;

/**
 * How many peers, chosen by chance, a worker compares itself with: all of them in a small fleet. Reading every load costs
 * the square of the number of workers, and all of them would find the same one to be the emptiest.
 */
export const sampledPeers = 12;

/**
 * The same for a worker that drains. It looks once, and at nearly everybody: what several workers hand over at the same
 * time shall not come to the same few.
 */
export const handoverPeers = 1_000;

/** How long to wait until loads are compared again (ms). */
export const balancePauseMs = (random = Math.random): number => balanceEveryMs * (0.75 + random() * 0.5);

/**
 * How many instances a worker may hand over in one round, so that all moves together take no more than half of the fleet's
 * logins: what is moved faster than it may log in waits without a connection. How many others move something, too, is
 * told by how many of the peers carry more than the mean.
 * @param workers how many are listed
 */
export function movesAtMost(
  loginsPerSecond: number,
  workers: number,
  { load }: PeerLoad,
  peers: readonly PeerLoad[],
  random = Math.random,
): number {
  const loads = [load, ...peers.map((peer) => peer.load)];
  const mean = loads.reduce((sum, each) => sum + each, 0) / loads.length;
  const movers = Math.max(1, (workers * loads.filter((each) => each > mean).length) / loads.length);
  return Math.floor((loginsPerSecond * balanceEveryMs) / 2_000 / movers + random());
}

/**
 * Those that have renewed about as lately as the one that did last: where many have died at once, most are not known to be
 * dead for some seconds, but none of them renews. They are compared with each other because a Redis that has much to do
 * makes all of them late.
 * @param leases with the moment at which each runs out, by any one clock (ms)
 */
export function renewing<T extends { exp: number }>(leases: readonly T[]): T[] {
  const newest = leases.reduce((latest, { exp }) => Math.max(latest, exp), 0);
  return leases.filter(({ exp }) => exp >= newest - pace.renewedWithinMs);
}

/** So small a part of the fair load is no difference. */
const tolerated = 14;

/**
 * How many instances to hand to whom in this round. Moving costs a reconnect, so nothing moves for small differences,
 * and the more the larger the imbalance.
 * @param peers some or all of the others
 * @returns a recipient for each instance to move, the emptiest first
 */
export function planMoves(me: PeerLoad, peers: readonly PeerLoad[]): string[] {
  const others = peers.filter(({ incarnation, load, capacity }) => incarnation !== me.incarnation && load < capacity);
  if (others.length === 0) return [];
  const total = [me, ...others].reduce((sum, { load }) => sum + load, 0);
  const fair = Math.ceil(total / (others.length + 1));
  const excess = me.load - fair;
  const emptiestLoad = Math.min(...others.map(({ load }) => load));
  const isFarFromEmptiest = me.load - emptiestLoad > Math.max(1, 2 * Math.floor(fair / 10));
  const isFarFromFair = excess > Math.max(1, Math.floor(fair / tolerated));
  if (excess <= 0 || !(isFarFromEmptiest || isFarFromFair)) return [];
  return fillUp(others, Math.ceil(excess / 4), fair);
}

/**
 * To whom a worker that drains hands its instances: each to the one that has least of those it has looked at.
 * @param peers some or all of the others, without those that drain
 * @returns a recipient for each instance as far as there is room; whoever wants may have the rest
 */
export function planHandover(instances: number, peers: readonly PeerLoad[]): string[] {
  const total = peers.reduce((sum, { load }) => sum + load, instances);
  return peers.length === 0 ? [] : fillUp(peers, instances, Math.ceil(total / peers.length));
}

/**
 * To whom a reaper hands what a dead worker held: to all in turn, in an order by chance, but to another one, chosen by
 * chance, if that has clearly less. Where many have died, many reapers plan at the same time by the same loads, and all
 * of them would find the same ones to be the emptiest.
 * @param peers some or all of those that live
 * @returns a recipient for each instance as far as there is room; whoever wants may have the rest
 */
export function planShares(instances: number, peers: readonly PeerLoad[], random = Math.random): string[] {
  const loads = peers.map((peer) => ({ ...peer })).filter(({ load, capacity }) => load < capacity);
  const clearly = loads.reduce((sum, { load }) => sum + load, instances) / loads.length / tolerated;
  let open = sample(loads, loads.length, random);
  const recipients: string[] = [];
  for (let turn = 0; recipients.length < instances && open.length > 0; turn += 1) {
    const next = open[turn % open.length];
    const other = open[(turn + 1 + Math.floor(random() * (open.length - 1))) % open.length];
    if (!next || !other) break;
    const chosen = next.load - other.load > clearly ? other : next;
    chosen.load += 1;
    recipients.push(chosen.incarnation);
    if (chosen.load >= chosen.capacity) open = open.filter((peer) => peer !== chosen);
  }
  return recipients;
}

/** How long those that were handed something have to claim it at most before everybody is asked (ms). */
const longestPatienceMs = 5_000;
/** What a worker asks of Redis to claim something, one after the other. */
const answersPerClaim = 5;

/**
 * How long to wait for those that were handed something (ms): longer while Redis is slow, since asking for others would only
 * make it slower.
 * @param answerMs how long Redis took to answer just now
 */
export const claimPatienceMs = (answerMs: number): number =>
  Math.min(longestPatienceMs, pace.claimWithinMs + answersPerClaim * answerMs);

/** Recipients, the emptiest first, none beyond its room or a level. */
function fillUp(peers: readonly PeerLoad[], instances: number, level: number): string[] {
  const loads = peers.map(({ incarnation, load, capacity }) => ({
    incarnation,
    load,
    most: Math.min(capacity, level),
  }));
  const recipients: string[] = [];
  for (let n = 0; n < instances; n++) {
    const open = loads.filter(({ load, most }) => load < most);
    const [first] = open;
    if (!first) break;
    const emptiest = open.reduce((least, peer) => (peer.load < least.load ? peer : least), first);
    emptiest.load += 1;
    recipients.push(emptiest.incarnation);
  }
  return recipients;
}

/** So many workers look at each thing that all of them could look at, on average in each round. */
const looks = 4;

/** A silent worker may be slow to answer: no scan looks at more of them, since the next one waits for it. */
const suspectsPerScan = 16;

/**
 * Which of the silent workers this one looks at in this scan. In a small fleet everybody looks at all of them; in a
 * large one so few that a dead worker is not probed, declared and taken over by hundreds at once, and that many dead ones
 * are looked at by different survivors.
 * @param workers how many are listed, the silent ones included
 */
export function suspectsToExamine(silent: readonly string[], workers: number, random = Math.random): string[] {
  const share = looks / Math.max(1, workers - silent.length);
  const chosen = silent.filter(() => random() < share);
  return chosen.length <= suspectsPerScan ? chosen : sample(chosen, suspectsPerScan, random);
}

/** So many members of a list, chosen by chance, in an order by chance. */
function sample<T>(list: readonly T[], count: number, random: () => number): T[] {
  const rest = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return chosen;
}

/** One sweep looks at no more instances. */
const sweptAtATime = 200;

/**
 * Which part of the instances that wait for attention a worker looks at in this sweep: together all workers look at
 * each a few times, wherever it stands in the list.
 * @param overdue how many there are
 * @param workers how many workers are listed
 */
export function sweepWindow(overdue: number, workers: number, random = Math.random): { offset: number; count: number } {
  const share = Math.ceil((overdue * looks) / Math.max(1, workers));
  const length = Math.min(overdue, share, sweptAtATime);
  if (length === overdue) return { offset: 0, count: overdue };
  // It may stick out at either end: otherwise the first and the last would hardly ever be looked at.
  const start = Math.floor(random() * (overdue + length - 1)) - length + 1;
  const offset = Math.max(0, start);
  return { offset, count: Math.min(overdue, start + length) - offset };
}

/**
 * How long to leave a request for an owner alone that this worker could not serve (ms). Somebody else may have room; if
 * nobody has, requests that have long been waiting must not keep Redis busy.
 * @param waitedMs since it was made
 */
export function askAgainMs(waitedMs: number, random = Math.random): number {
  return Math.min(10_000, Math.max(500, waitedMs / 4)) * (0.75 + random() * 0.5);
}

/** Logins of one worker that have a place in the fleet's order; its others wait for one of these to begin. */
export const loginsReserved = 10;

/**
 * Logins that may start at once after a time without any: those of a second. So no second sees more than twice the
 * budget, not even the first one after everybody has been thrown out.
 */
export const loginBurst = (perSecond: number): number => Math.ceil(perSecond);
