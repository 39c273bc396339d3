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
import { parseDuration, parseSchedule, type RetrySchedule, ScheduleError } from '@flotilla/webhook';
import Type, { type Static } from 'typebox';
import { faultPointNames } from './fault-points.ts';

const duration = '[0-9]{1,9}(ms|s|m|h)';

/** Every variable of the webhook worker's environment. */
export const configSchema = Type.Object({
  REDIS_URL: redisUrl,
  REDIS_WAIT_REPLICAS: waitReplicas,
  ENCRYPTION_KEYS: encryptionKeys,
  PORT: port(8082),
  HOST: host,
  LOG_LEVEL: logLevel,
  WEBHOOK_ALLOW_CIDRS: Type.String({
    default: '',
    description: 'internal networks that webhooks may point to, comma separated, empty for none,',
    examples: ['10.1.0.0/16,127.0.0.1/32'],
  }),
  WEBHOOK_RETRY_SCHEDULE: Type.String({
    default: '5s,30s,2m,10m,30m,2h,4h,8h,9h',
    pattern: `^\\s*${duration}\\s*(,\\s*${duration}\\s*)*$`,
    description:
      'how long to wait before the second attempt of a delivery, before the third and so on, in ms, s, m or h; after the last one it becomes a dead letter;',
    examples: ['5s,30s,2m,10m,30m,2h,4h,8h,9h'],
  }),
  WEBHOOK_DISABLE_AFTER: Type.String({
    default: '120h',
    pattern: `^${duration}$`,
    description: 'an endpoint that fails for so long without a single success is switched off, in ms, s, m or h,',
    examples: ['120h'],
  }),
  WEBHOOK_TIMEOUT: Type.String({
    default: '15s',
    pattern: `^${duration}$`,
    description: 'the longest that one attempt may take in all, in ms, s or m,',
    examples: ['15s'],
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#]+$',
      description:
        'the URL by which the gateway is reached from outside, for links to files in webhooks of other formats,',
      examples: ['https://api.example.com'],
    }),
  ),
  WEBHOOK_CONCURRENCY: Type.Integer({
    minimum: 50,
    maximum: 5_000,
    default: 200,
    description: 'how many deliveries one worker makes at the same time, at least 50,',
    examples: [200],
  }),
  WEBHOOK_ENDPOINT_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 1_000,
    default: 10,
    description: 'how many deliveries to one endpoint are made at the same time by all workers together,',
    examples: [10],
  }),
  FAULT_POINTS: faultPointsSetting(faultPointNames),
});
export type Config = Static<typeof configSchema>;

/** The longest timeout: a turn must be over well before a stopping worker loses patience. */
const longestTimeoutMs = 60_000;

/** What parts of the configuration mean. */
export interface DeliverySettings {
  disableAfterMs: number;
  schedule: RetrySchedule;
  timeoutMs: number;
  addresses: AddressPolicy;
}

/**
 * Reads the variables that are more than one value.
 * @throws ConfigError
 */
export function deliverySettings(config: Config): DeliverySettings {
  const timeoutMs = parseDuration(config.WEBHOOK_TIMEOUT);
  if (timeoutMs < 1 || timeoutMs > longestTimeoutMs) {
    throw new ConfigError(
      'WEBHOOK_TIMEOUT is invalid (it must be between 1ms and 1m): set it to a duration such as 15s',
    );
  }
  return {
    timeoutMs,
    disableAfterMs: parseDuration(config.WEBHOOK_DISABLE_AFTER),
    schedule: readSchedule(config),
    addresses: readAddresses(config),
  };
}

function readSchedule(config: Config): RetrySchedule {
  try {
    return parseSchedule(config.WEBHOOK_RETRY_SCHEDULE);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new ConfigError(
      `WEBHOOK_RETRY_SCHEDULE is invalid (${error.message}): set it to durations such as 5s,30s,2m`,
      { cause: error },
    );
  }
}

function readAddresses(config: Config): AddressPolicy {
  const cidrs = config.WEBHOOK_ALLOW_CIDRS.split(',').map((cidr) => cidr.trim());
  try {
    return createAddressPolicy(cidrs.filter(Boolean));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(
      `WEBHOOK_ALLOW_CIDRS is invalid (one of them is not a network): set it to networks such as 10.1.0.0/16, comma separated`,
      { cause: error },
    );
  }
}
