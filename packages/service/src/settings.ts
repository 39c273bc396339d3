import { Type } from 'typebox';

/** Variables that several apps ask for, declared once so that they mean the same everywhere. */

/** `LOG_LEVEL`: {@link run} gives it to the logger when an app's schema has it. */
export const logLevel = Type.Union(
  [
    Type.Literal('trace'),
    Type.Literal('debug'),
    Type.Literal('info'),
    Type.Literal('warn'),
    Type.Literal('error'),
    Type.Literal('fatal'),
    Type.Literal('silent'),
  ],
  { default: 'info', description: 'the least level that is logged', examples: ['info'] },
);

/** Servers of a cluster, or Sentinels: `[user:password@]host:port,host:port`. */
const servers = '([^\\s@/]*@)?[^\\s@/,]+(,[^\\s@/,]+)*';

/** `REDIS_URL`: the one thing all apps but the simulator share. What its parts mean: `parseRedisUrl` of `@flotilla/redis`. */
export const redisUrl = Type.String({
  pattern: `^(rediss?://[^\\s]+|rediss?\\+cluster://${servers}/?|rediss?\\+sentinel://${servers}/[^\\s/]+)$`,
  description:
    'a Redis URL (redis+cluster://host:port,host:port for a cluster, redis+sentinel://host:port,host:port/<master name> with Sentinels)',
  examples: ['redis://127.0.0.1:6379'],
});

/** `REDIS_WAIT_REPLICAS`: read it with {@link replicasToWaitFor}. */
export const waitReplicas = Type.String({
  pattern: '^(auto|[0-9])$',
  default: 'auto',
  description:
    'how many replicas must have a write before it counts: a number (0: none) or auto (one, if Redis has replicas),',
  examples: ['auto'],
});

/** The value of `REDIS_WAIT_REPLICAS`. */
export const replicasToWaitFor = (setting: string): number | 'auto' => (setting === 'auto' ? 'auto' : Number(setting));

/** `ENCRYPTION_KEYS`: the key ring of `@flotilla/seal`. */
export const encryptionKeys = Type.String({
  pattern: '^[^\\s]+$',
  description:
    'the ring of keys that encrypt credentials at rest, id:base64 of 32 bytes, comma separated, newest first,',
  examples: ['k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
});

/** `PORT`: 0 asks the system for a free one. */
export function port(defaultPort: number) {
  return Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: defaultPort,
    description: 'the TCP port to listen on',
    examples: [defaultPort],
  });
}

/** `HOST`: the address to listen on. All by default, because the apps run in containers. */
export const host = Type.String({ default: '0.0.0.0', description: 'the address to listen on', examples: ['0.0.0.0'] });
