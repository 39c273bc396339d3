import { type UnitName, unitCosts } from './unit-costs.ts';

/** The value of each unit, measured or not. */
export type Units = Record<UnitName, number>;

/** What is asked of a fleet. */
export interface Demand {
  instances: number;
  /** Messages that each instance sends, and receives, in a minute. */
  perMinute: number;
}

/** Instances that one worker is given: two thirds of its default capacity, so that neighbours may fail. */
const instancesPerWorker = 700;
/** So much of a core is used on average, so that bursts find room; Redis does everything on one. */
const usedOfCore = 0.5;
const usedOfRedisCore = 0.4;
/** A server of Redis holds no more (GB), so that its copy and its restart take minutes; with a replica each. */
const largestRedisGb = 24;
const copies = 2;
/** Messages of the history that an instance has on average. */
const historyMessages = 1_000;
/** Logins a second for each worker: docs/scaling.md advises one or two. */
const loginsOfWorker = 1;
const gatewayMb = 180;
const webhookWorkerMb = 160;
/** Hours, days and bytes of a month. */
const secondsPerMonth = 30 * 86_400;

/** What a fleet needs. */
export interface Needs {
  workers: number;
  workerCores: number;
  workerGb: number;
  gateways: number;
  webhookWorkers: number;
  redisMasters: number;
  redisGb: number;
  redisCores: number;
  connectionsPerMaster: number;
  commandsPerSecond: number;
  /** Logins a second that the fleet is allowed, and the minutes in which all are open after everything was down. */
  loginsPerSecond: number;
  loginMinutes: number;
  /** To and from Redis, and to and from WhatsApp and webhooks (Mbit/s). */
  redisMbit: number;
  outsideMbit: number;
  /** USD for a month, of all and of an instance. */
  price: number;
}

/** What so many instances need, from what one of each costs. */
export function needsOf({ instances, perMinute }: Demand, unit: Units): Needs {
  const perSecond = (instances * perMinute) / 60;
  const workMs = unit.idleMs / 60 + (perMinute / 60) * (unit.sendMs + unit.receiveMs);
  const workerCoresUsed = (instances * workMs) / 1_000;
  const byCapacity = instances / instancesPerWorker;
  // A process has one core for its JavaScript.
  const workers = Math.max(2, Math.ceil(Math.max(byCapacity, workerCoresUsed / usedOfCore)));
  const workerCores = Math.max(1, Math.ceil(workerCoresUsed / usedOfCore));
  const workerGb = (workers * unit.workerMb * 1_000 + instances * unit.instanceKb) / 1e6;
  const events = perSecond * unit.eventsPerPair;
  const gateways = Math.max(2, Math.ceil((perSecond * unit.acceptMs) / 1_000 / usedOfCore));
  const webhookWorkers = Math.max(2, Math.ceil((events * unit.deliverMs) / 1_000 / usedOfCore));
  const idleCommands = (workers * unit.workerCommands) / 60;
  // That of the message received is in what receiving it costs.
  const furtherEvents = events - perSecond;
  const redisCores =
    (perSecond * (unit.redisSendMs + unit.redisReceiveMs) +
      furtherEvents * unit.redisDeliverMs +
      (idleCommands * unit.commandUs) / 1_000) /
    1_000;
  const redisGb = (instances * (unit.redisKb + historyMessages * unit.historyKb)) / 1e6;
  const redisMasters = Math.max(1, Math.ceil(Math.max(redisCores / usedOfRedisCore, redisGb / largestRedisGb)));
  // As many as half of the workers' cores can do, if that is less.
  const loginsPerSecond = Math.min(workers * loginsOfWorker, (workerCores * usedOfCore * 1_000) / unit.loginMs);
  const mbit = (kbPerSecond: number) => (kbPerSecond * 8) / 1_000;
  const outsideKb =
    perSecond * 2 * unit.whatsappKb + events * unit.webhookKb + (instances * unit.idleBytes) / 60 / 1_000;
  const cores = workerCores + gateways + webhookWorkers + redisMasters * copies;
  const gb = workerGb + (gateways * gatewayMb + webhookWorkers * webhookWorkerMb) / 1_000 + redisGb * copies * 1.25;
  const outsideGb = (outsideKb * secondsPerMonth) / 1e6;
  return {
    workers,
    workerCores,
    workerGb,
    gateways,
    webhookWorkers,
    redisMasters,
    redisGb,
    redisCores,
    connectionsPerMaster: (workers + gateways + webhookWorkers) * unit.workerConnections,
    commandsPerSecond: perSecond * (unit.redisSendCommands + unit.redisReceiveCommands) + idleCommands,
    loginsPerSecond,
    loginMinutes: instances / loginsPerSecond / 60,
    redisMbit: mbit((perSecond * 2 + events) * unit.redisTrafficKb + (idleCommands * unit.commandBytes) / 1_000),
    outsideMbit: mbit(outsideKb),
    price: cores * unit.vcpuPrice + gb * unit.gbPrice + outsideGb * unit.trafficPrice,
  };
}

/** The values as they stand in the table. */
export const assumedUnits = (): Units =>
  Object.fromEntries(Object.entries(unitCosts).map(([name, { value }]) => [name, value])) as Units;
