import { BufferJSON, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';

/** Turns a key into text, the way Baileys' own stores do. */
export const encodeValue = (value: unknown): string => JSON.stringify(value, BufferJSON.replacer);

/** How `BufferJSON` begins every buffer. */
const bufferMark = '{"type":"Buffer",';

/** The reverse of {@link encodeValue}; every call gives a new object. */
export function decodeValue(category: string, text: string): unknown {
  // The reviver visits every property, which costs a session five times as much as parsing it, and sessions have none.
  const value: unknown = text.includes(bufferMark) ? JSON.parse(text, BufferJSON.reviver) : JSON.parse(text);
  // Baileys expects the protobuf class here, as its own stores give it; JSON keeps only its fields.
  const isKey = category === ('app-state-sync-key' satisfies keyof SignalDataTypeMap);
  return isKey && isRecord(value) ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
