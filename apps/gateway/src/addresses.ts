import { apiError } from './errors.ts';
import { readRecipient } from './recipient.ts';

/** Reads one value of a request's input; what it gives takes the value's place. */
type Reader = (value: string) => { jid: string } | { reason: string };

const ofServer =
  (server: string, what: string): Reader =>
  (value) => {
    const bare = value.trim().toLowerCase();
    const jid = bare.includes('@') ? bare : `${bare}@${server}`;
    return new RegExp(`^\\d{5,25}(-\\d{5,15})?@${server.replace('.', '\\.')}$`).test(jid)
      ? { jid }
      : { reason: `is not ${what}: it looks like 120363023456789012@${server}` };
  };

const group = ofServer('g.us', 'the JID of a group');

/** A person: whoever can be written to and is no group. */
const person: Reader = (value) => {
  const found = readRecipient(value);
  return 'jid' in found && found.jid.endsWith('@g.us') ? { reason: 'is a group: name a person' } : found;
};

/** An invite code, alone or at the end of its link. */
const inviteCode: Reader = (value) => {
  const code = /^(?:(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?)?([A-Za-z0-9_-]{8,64})(?:[?#].*)?$/.exec(
    value.trim(),
  )?.[1];
  return code ? { jid: code } : { reason: 'is no invite code: take what stands behind https://chat.whatsapp.com/' };
};

/** Which fields of a request's input, or of a command's body, are addresses, and of what. */
const readers: Record<string, Reader> = {
  chat: readRecipient,
  contact: readRecipient,
  from: person,
  group,
  newsletter: ofServer('newsletter', 'the JID of a channel'),
  participants: person,
  mentions: person,
  audience: person,
  code: inviteCode,
};

/**
 * The input of a request with its addresses as WhatsApp writes them, however they were written.
 * @throws VALIDATION naming the field that is none
 */
export function withAddresses(input: Record<string, unknown>): Record<string, unknown> {
  const read = (field: string, where: string, value: unknown): unknown => {
    const reader = readers[field];
    if (!reader || typeof value !== 'string') return value;
    const found = reader(value);
    if ('reason' in found) throw apiError('VALIDATION', `${where}: ${found.reason}`);
    return found.jid;
  };
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => [
      field,
      Array.isArray(value)
        ? value.map((entry, index) => read(field, `${field}/${index}`, entry))
        : read(field, field, value),
    ]),
  );
}
