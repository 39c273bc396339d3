/**
 * A tenant that has very many events at once, as its connection workers write them. Arguments: URL of Redis, tenant, how
 * many instances, how many events of each. What is asked is how their delivery touches others, not how much of this
 * machine is taken up by making them, which would be the work of other machines: so it is a process of its own, with the
 * lowest priority, that rests twice as long as it writes. Still they come many times faster than they are delivered. It is
 * ready when it has said so, and begins when something is pushed to the list `flood`.
 */
import { constants, setPriority } from 'node:os';
import { emitEvents } from './emit.ts';
import { openTenants } from './webhook-worker.ts';

const [redisUrl = '', tenant = '', ...counts] = process.argv.slice(2);
const [instances = 0, each = 0] = counts.map(Number);
setPriority(constants.priority.PRIORITY_LOW);
const { redis, queues, close } = openTenants(redisUrl);
console.log('ready');
await redis.blpop('flood', 0);
for (let n = 0; n < instances; n += 1) await emitEvents({ redis, queues }, tenant, `ins_${tenant}_${n}`, each, 2);
close();
