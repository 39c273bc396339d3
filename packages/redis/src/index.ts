export type { Redis } from 'ioredis';
export { type ConnectOptions, connectRedis, ready } from './connect.ts';
export { defineScript, type Script } from './script.ts';
