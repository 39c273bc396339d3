import { encryptionKeys, host, logLevel, port, redisUrl } from '@flotilla/service';
import Type, { type Static } from 'typebox';

/** Every variable of the gateway's environment. */
export const configSchema = Type.Object({
  REDIS_URL: redisUrl,
  PORT: port(8080),
  HOST: host,
  OPERATOR_KEY: Type.String({
    minLength: 16,
    pattern: '^[^\\s]+$',
    description:
      'the secret of whoever runs the fleet (manages tenants, sees the queues), at least 16 characters without spaces,',
    examples: ['a random text from: openssl rand -base64 32'],
  }),
  ENCRYPTION_KEYS: encryptionKeys,
  LOG_LEVEL: logLevel,
  WEBHOOK_ALLOW_CIDRS: Type.String({
    default: '',
    description: 'internal networks that webhooks may point to, comma separated, empty for none,',
    examples: ['10.1.0.0/16,127.0.0.1/32'],
  }),
  MAX_BODY_BYTES: Type.Integer({
    minimum: 1_024,
    maximum: 1_073_741_824,
    default: 1_048_576,
    description: 'the largest request body in bytes',
    examples: [1_048_576],
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'the proxies whose X-Forwarded-For is believed: addresses or networks, comma separated, empty for none,',
    examples: ['10.0.0.0/8'],
  }),
});
export type Config = Static<typeof configSchema>;
