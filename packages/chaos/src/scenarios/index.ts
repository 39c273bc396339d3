import type { Scenario } from '../scenario.ts';
import { absence } from './absence.ts';
import { freeze } from './freeze.ts';
import { hotChats } from './hot-chats.ts';
import { kill } from './kill.ts';
import { poison } from './poison.ts';
import { redisAway } from './redis-away.ts';
import { redisFailover } from './redis-failover.ts';
import { redisFull } from './redis-full.ts';
import { redisKill } from './redis-kill.ts';
import { redisPartition } from './redis-partition.ts';
import { rolling } from './rolling.ts';
import { scale } from './scale.ts';
import { smoke } from './smoke.ts';
import { whatsapp } from './whatsapp.ts';

/** All there are, in the order in which they are named. */
export const scenarios: readonly Scenario[] = [
  smoke,
  kill,
  rolling,
  scale,
  freeze,
  absence,
  redisKill,
  redisAway,
  redisPartition,
  redisFull,
  redisFailover,
  whatsapp,
  hotChats,
  poison,
];
