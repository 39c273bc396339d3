import { defaultBounds } from '@flotilla/history';
import { conversionSettings, mediaSettings } from '@flotilla/media';
import { encryptionKeys, faultPointsSetting, host, logLevel, port, redisUrl, waitReplicas } from '@flotilla/service';
import Type, { type Static } from 'typebox';
import { faultPointNames } from './fault-points.ts';

/** Everything the connection worker asks for. */
export const configSchema = Type.Object({
  REDIS_URL: redisUrl,
  REDIS_WAIT_REPLICAS: waitReplicas,
  ENCRYPTION_KEYS: encryptionKeys,
  PORT: port(8081),
  HOST: host,
  ADVERTISED_HOST: Type.Optional(
    Type.String({
      description:
        'the address under which other workers reach this one; default: the first address that is not loopback',
      examples: ['10.0.0.7'],
    }),
  ),
  LOG_LEVEL: logLevel,
  WHATSAPP_URL: Type.String({
    pattern: '^wss?://[^\\s]+$',
    default: 'wss://web.whatsapp.com/ws/chat',
    description: "where WhatsApp's server is; set it to use a simulator",
    examples: ['ws://127.0.0.1:8090/ws/chat'],
  }),
  WHATSAPP_ROOT_KEY: Type.Optional(
    Type.String({
      pattern: '^[0-9a-fA-F]{64}$',
      description: 'the root key (hex) of a server other than WhatsApp, such as the simulator',
      examples: ['142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b'],
    }),
  ),
  WHATSAPP_VERSION: Type.Optional(
    Type.String({
      pattern: '^\\d+\\.\\d+\\.\\d+$',
      description: 'the WhatsApp web version to use; default: the newest, fetched once for the fleet',
      examples: ['2.3000.1043857760'],
    }),
  ),
  CAPACITY: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'how many instances this worker takes at most',
    examples: [1_000],
  }),
  LOGINS_PER_SECOND: Type.Number({
    exclusiveMinimum: 0,
    default: 20,
    description: 'how many logins the whole fleet starts per second',
    examples: [20],
  }),
  HISTORY_DAYS: Type.Integer({
    minimum: 0,
    maximum: 3_650,
    default: defaultBounds.days,
    description: 'how many days messages are kept in the history, 0 for no history,',
    examples: [defaultBounds.days],
  }),
  HISTORY_MESSAGES: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: defaultBounds.messages,
    description: 'how many messages are kept in the history of each instance at most, 0 for no history,',
    examples: [defaultBounds.messages],
  }),
  ...mediaSettings,
  ...conversionSettings,
  FAULT_POINTS: faultPointsSetting(faultPointNames),
});
export type Config = Static<typeof configSchema>;
