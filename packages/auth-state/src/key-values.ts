import { BufferJSON, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';

/** Turns a key into text, the way Baileys' own stores do. */
export const encodeValue = (value: unknown): string => JSON.stringify(value, BufferJSON.replacer);

/** The reverse of {@link encodeValue}; every call gives a new object. */
export function decodeValue(category: string, text: string): unknown {
  const value: unknown = JSON.parse(text, BufferJSON.reviver);
  // Baileys expects the protobuf class here, as its own stores give it; JSON keeps only its fields.
  const isKey = category === ('app-state-sync-key' satisfies keyof SignalDataTypeMap);
  return isKey && isRecord(value) ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
