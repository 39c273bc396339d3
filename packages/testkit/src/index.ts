export { type EventuallyOptions, eventually } from '@flotilla/fleet';
export { claimDatabase, type TestDatabase } from './database.ts';
export { assertNoProcesses, fleetTest, fleetTimeoutMs } from './fleet-test.ts';
export { countConnections, watchCommands } from './observe.ts';
export { openTestRedis, type TestRedis } from './redis-server.ts';
export { redisTest } from './redis-test.ts';
