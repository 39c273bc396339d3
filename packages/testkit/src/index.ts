export { type EventuallyOptions, eventually } from '@flotilla/fleet';
export { redisTest } from './redis-test.ts';
