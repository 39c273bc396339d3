import { isIP } from 'node:net';
import { mediaSettings } from '@flotilla/media';
import { type AddressPolicy, createAddressPolicy } from '@flotilla/safe-fetch';
import {
  ConfigError,
  encryptionKeys,
  faultPointsSetting,
  host,
  logLevel,
  port,
  redisUrl,
  waitReplicas,
} from '@flotilla/service';
import Type, { type Static } from 'typebox';
import { faultPointNames } from './fault-points.ts';

/** Every variable of the gateway's environment. */
export const configSchema = Type.Object({
  REDIS_URL: redisUrl,
  REDIS_WAIT_REPLICAS: waitReplicas,
  PORT: port(8080),
  HOST: host,
  OPERATOR_KEY: Type.String({
    pattern: '^[^\\s]+$',
    description: 'the secret of whoever runs the fleet (manages tenants, sees the queues), without spaces,',
    examples: ['what "openssl rand -hex 32" prints'],
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
  MAX_INLINE_BODY_BYTES: Type.Integer({
    minimum: 1_024,
    maximum: 1_073_741_824,
    default: 20_971_520,
    description: 'the largest JSON body in bytes of a request that may carry a file as base64,',
    examples: [20_971_520],
  }),
  ...mediaSettings,
  REQUESTS_PER_TENANT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1_000,
    description: 'how many requests of one tenant this gateway works on at a time, event streams not counted,',
    examples: [1_000],
  }),
  EVENT_STREAMS_PER_TENANT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    description: 'how many event streams one tenant may have open at this gateway,',
    examples: [100],
  }),
  EVENT_HEARTBEAT_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 15,
    description: 'how often an event stream gives a sign of life, in seconds,',
    examples: [15],
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'the proxies whose X-Forwarded-For is believed: addresses or networks, comma separated, empty for none,',
    examples: ['10.0.0.0/8'],
  }),
  COMPAT_BINDINGS: Type.String({
    default: '',
    description:
      'ports on which one tenant speaks one dialect without a key, comma separated as <dialect>=<port>:<tenant id>, empty for none,',
    examples: ['luna=3001:ten_0123456789abcdefghjk'],
  }),
  FAULT_POINTS: faultPointsSetting(faultPointNames),
});
export type Config = Static<typeof configSchema>;

const entriesOf = (list: string) =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

/**
 * Where webhooks may point to.
 * @throws ConfigError for something in the list that is no network
 */
export function webhookAddresses({ WEBHOOK_ALLOW_CIDRS }: Pick<Config, 'WEBHOOK_ALLOW_CIDRS'>): AddressPolicy {
  try {
    return createAddressPolicy(entriesOf(WEBHOOK_ALLOW_CIDRS));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(`WEBHOOK_ALLOW_CIDRS is invalid: ${error.message}`, { cause: error });
  }
}

/**
 * Proxies that are believed about whom they forward for.
 * @throws ConfigError for something in the list that is neither an address nor a network
 */
export function trustedProxies({ TRUST_PROXY }: Pick<Config, 'TRUST_PROXY'>): string[] | false {
  const proxies = entriesOf(TRUST_PROXY);
  for (const proxy of proxies) {
    const [address = '', bits, ...rest] = proxy.split('/');
    const longest = isIP(address) === 6 ? 128 : 32;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest && Number(bits) > 0);
    if (isIP(address) === 0 || !isNetwork || rest.length > 0)
      throw new ConfigError('TRUST_PROXY is invalid: write addresses or networks such as 10.0.0.0/8, comma separated');
  }
  return proxies.length > 0 && proxies;
}
