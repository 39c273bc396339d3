import { destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/**
 * Fields that never reach a log, wherever a line carries them at its top or one level below. A last line of defence:
 * code names the fields it logs one by one and does not log whole requests, credentials or messages.
 */
const secretFields = [
  'apiKey',
  'authorization',
  'cookie',
  'creds',
  'password',
  'plaintext',
  'secret',
  'text',
  'token',
  'pairingCode',
  'qr',
  'OPERATOR_KEY',
  'ENCRYPTION_KEYS',
  'REDIS_URL',
];

/**
 * What is logged of an error, and of its causes. Not what others have attached to it: the Redis client attaches the
 * failed command with all its arguments, among them what people write to each other, Baileys the stanza.
 */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}

/**
 * The logger of one app: one JSON object a line on stdout, with `app`, the level as a word and the time as ISO 8601.
 * Coloured text instead when stdout is a terminal. Known secret fields are replaced by `[redacted]`.
 */
export function createLogger({ name, level = 'info' }: { name: string; level?: string }): Logger {
  const options = {
    level,
    base: { app: name },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.headers.${field}`]),
      censor: '[redacted]',
    },
  };
  // Synchronous: a line that is still under way at the exit would otherwise come after the last one, or not at all.
  if (!process.stdout.isTTY) return pino(options, destination({ dest: 1, sync: true }));
  // In this thread and synchronous, so that the last lines before an exit are seen.
  return pino(options, pretty({ colorize: true, sync: true, ignore: 'app', messageFormat: `${name} {msg}` }));
}
