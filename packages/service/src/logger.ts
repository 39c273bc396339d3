import { type DestinationStream, destination, type Logger, levels, pino, stdSerializers, symbols } from 'pino';
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

/** From this level on a line is written at once, with all before it: what comes next may be the end. */
const urgent = levels.values.warn ?? 40;

/** So much text is not kept until the end of a round (characters). */
const mostGathered = 65_536;

/** What of lines has yet to be written, and how it is. */
interface Lines extends DestinationStream {
  [symbols.needsMetadataGsym]: true;
  /** Set by the logger before it writes. */
  lastLevel: number;
}

/**
 * Standard output, written to once for all lines of a round of the event loop: a busy gateway has a line for each request,
 * and each write costs as much as making several lines does. Warnings and worse are written at once. Writing is
 * synchronous: what is under way at the exit would otherwise come after the last line, or not at all.
 */
function openStandardOutput(): Lines {
  const out = destination({ dest: 1, sync: true });
  let lines = '';
  let isEnding = false;
  const flush = () => {
    const text = lines;
    lines = '';
    if (text !== '') out.write(text);
  };
  process.once('exit', () => {
    isEnding = true;
    flush();
  });
  return {
    [symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
      if (this.lastLevel >= urgent || lines.length > mostGathered || isEnding) flush();
    },
  };
}

let standardOutput: Lines | undefined;

/** The last time of a line, and how it is written: those of a busy moment have the same. */
let lastTime = 0;
let lastTimeText = '';
function timestamp(): string {
  const now = Date.now();
  if (now === lastTime) return lastTimeText;
  lastTime = now;
  lastTimeText = `,"time":"${new Date(now).toISOString()}"`;
  return lastTimeText;
}

/**
 * The logger of one app: one JSON object a line on stdout, with `app`, the level as a word and the time as ISO 8601.
 * Coloured text instead when stdout is a terminal. Known secret fields are replaced by `[redacted]`.
 */
export function createLogger({ name, level = 'info' }: { name: string; level?: string }): Logger {
  const options = {
    level,
    base: { app: name },
    timestamp,
    serializers: { err: describeError },
    formatters: {
      level: (label: string) => ({ level: label }),
      // By hand: Node's loggers look for each path in each line, which cost a gateway a tenth of what a request does.
      log: (fields: object) => withoutSecrets(fields as Record<string, unknown>),
      bindings: (fields: object) => withoutSecrets(fields as Record<string, unknown>),
    },
  };
  if (!process.stdout.isTTY) {
    standardOutput ??= openStandardOutput();
    return pino(options, standardOutput);
  }
  // In this thread and synchronous, so that the last lines before an exit are seen.
  return pino(options, pretty({ colorize: true, sync: true, ignore: 'app', messageFormat: `${name} {msg}` }));
}
