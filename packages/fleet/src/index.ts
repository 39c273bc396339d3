export { Child, type Exit, runningChildren } from './child.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { findRedisServer, type RedisServer, type RedisServerOptions, startRedis } from './redis-server.ts';
