import { proto } from '@whiskeysockets/baileys';
import { typeOf } from '../events/unwrap.ts';
import { type CommandHandler, SendRefused } from './handler.ts';

/** Largest message that is sent so (bytes): WhatsApp ends the connection over what is much larger. */
const mostBytes = 262_144;

/** What clients exchange among themselves: to let tenants make it up would break this number's own encryption. */
const forbidden = ['senderKeyDistributionMessage', 'fastRatchetKeySenderKeyDistributionMessage', 'deviceSentMessage'];
const { APP_STATE_SYNC_KEY_SHARE, APP_STATE_SYNC_KEY_REQUEST, HISTORY_SYNC_NOTIFICATION } =
  proto.Message.ProtocolMessage.Type;
const forbiddenTypes = new Set<unknown>([
  APP_STATE_SYNC_KEY_SHARE,
  APP_STATE_SYNC_KEY_REQUEST,
  HISTORY_SYNC_NOTIFICATION,
]);

/** `send.raw`: any message that the protocol knows, from JSON. */
export const sendRaw: CommandHandler<'send.raw'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async () => readRaw({ ...body.message }),
});

/**
 * Reads a `proto.Message` from JSON: bytes as base64, enums by name or number.
 * @throws SendRefused `invalid-content`, naming a field that the protocol does not know
 */
export function readRaw(json: Record<string, unknown>): proto.IMessage {
  let message: proto.Message;
  let size: number;
  try {
    message = proto.Message.fromObject(json);
    size = proto.Message.encode(message).finish().length;
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be encoded';
    throw new SendRefused('invalid-content', `The message is no proto.Message: ${why}`);
  }
  const lost = lostField(json, message, 'message');
  if (lost) throw new SendRefused('invalid-content', `WhatsApp knows no field ${lost}`);
  if (typeOf(message) === undefined) throw new SendRefused('invalid-content', 'The message has no content');
  if (size > mostBytes) throw new SendRefused('invalid-content', `The message is larger than ${mostBytes} bytes`);
  const refused = forbidden.find((field) => Object.hasOwn(json, field));
  if (refused || forbiddenTypes.has(message.protocolMessage?.type))
    throw new SendRefused('invalid-content', 'Messages among the devices of one account cannot be sent');
  return message;
}

/** The first field of the JSON that has not become part of the message: a name that was misspelt would go unnoticed. */
function lostField(json: unknown, read: unknown, path: string): string | undefined {
  if (typeof json !== 'object' || json === null || typeof read !== 'object' || read === null) return undefined;
  if (read instanceof Uint8Array) return undefined;
  for (const [name, value] of Object.entries(json)) {
    const here = Array.isArray(json) ? `${path}[${name}]` : `${path}.${name}`;
    if (value === null || value === undefined) continue;
    if (!Object.hasOwn(read, name)) return here;
    const lost = lostField(value, Reflect.get(read, name), here);
    if (lost) return lost;
  }
  return undefined;
}
