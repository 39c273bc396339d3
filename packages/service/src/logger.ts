import { destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/**
 * Fields that never reach a log, wherever a line carries them at its top or up to two levels below. A last line of defence:
 * code names the fields it logs one by one and does not log whole requests, credentials or messages.
 */
const secretFields = new Set([
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
]);
const censor = '[redacted]';

/** The fields of a line without secrets, down to the headers of a request; the same object if it holds none. */
function withoutSecrets(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let clean = fields;
  for (const name in fields) {
    const value = fields[name];
    const isSecret = secretFields.has(name) && value !== undefined;
    // What errors say is chosen by their serializer.
    const isDeeper = typeof value === 'object' && value !== null && !(value instanceof Error) && depth < 2;
    const cleanValue = isSecret
      ? censor
      : isDeeper
        ? withoutSecrets(value as Record<string, unknown>, depth + 1)
        : value;
    if (cleanValue === value) continue;
    if (clean === fields) clean = { ...fields };
    clean[name] = cleanValue;
  }
  return clean;
}

/**
 * What is logged of an error, and of its causes. Not what others have attached to it: the Redis client attaches the
 * failed command with all its arguments, among them what people write to each other, Baileys the stanza.
 */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}

/** How long a line waits for others that leave with it (ms); warnings and errors never do. */
const gatherMs = 20;
/** So much leaves at once in any case (characters). */
const gatherLength = 8_192;
const warnLevel = 40;

let lines: ReturnType<typeof gatherLines> | undefined;

/**
 * Writes lines to stdout, those of the same moment by one system call, which costs as much as making ten of them. Nothing
 * is under way at an exit: what waits then is written before.
 */
function gatherLines() {
  const stdout = destination({ dest: 1, sync: true, minLength: gatherLength });
  let timer: NodeJS.Timeout | undefined;
  const release = () => {
    clearTimeout(timer);
    timer = undefined;
    stdout.flushSync();
  };
  process.on('exit', release);
  return {
    // By this name pino tells a stream the level of the line that comes next.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      stdout.write(line);
      if (this.lastLevel >= warnLevel) release();
      else timer ??= setTimeout(release, gatherMs).unref();
    },
  };
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
    formatters: {
      level: (label: string) => ({ level: label }),
      // By hand: Node's loggers look for each path in each line, which cost a gateway a tenth of what a request does.
      log: (fields: object) => withoutSecrets(fields as Record<string, unknown>),
      bindings: (fields: object) => withoutSecrets(fields as Record<string, unknown>),
    },
  };
  if (!process.stdout.isTTY) {
    lines ??= gatherLines();
    return pino(options, lines);
  }
  // In this thread and synchronous, so that the last lines before an exit are seen.
  return pino(options, pretty({ colorize: true, sync: true, ignore: 'app', messageFormat: `${name} {msg}` }));
}
