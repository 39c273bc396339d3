export type { Redis } from 'ioredis';
export { type ConnectOptions, connectRedis, ready } from './connect.ts';
export { BadCursorError, decodeCursor, encodeCursor, newerFirst, newestFirst, type Page, type Place } from './place.ts';
export { defineScript, type Script } from './script.ts';
