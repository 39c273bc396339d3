import type { EventMessage } from '@flotilla/contracts';

export type ContactCard = NonNullable<EventMessage['contacts']>[number];

/** Phone numbers that are read from one card: nobody has more. */
const mostPhones = 50;

/**
 * Name and phone numbers of a vCard. A number that WhatsApp knows has its digits in `waid`; others stay as written.
 * @param displayName what the message calls the contact
 */
export function readVcard(vcard: string, displayName?: string | null): ContactCard {
  // A line that begins with a blank goes on with the one before (RFC 6350, 3.2).
  const lines = vcard.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const phones: string[] = [];
  let name = displayName ?? '';
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const property = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    // Apple's cards put a group before the name: `item1.TEL;waid=…`.
    const [label = '', ...parameters] = property.split(';');
    const field = label.slice(label.lastIndexOf('.') + 1).toUpperCase();
    if (field === 'FN') name ||= unescaped(value);
    if (field !== 'TEL' || phones.length >= mostPhones) continue;
    const waid = parameters.find((parameter) => /^waid=/i.test(parameter))?.slice(5);
    const phone = waid || value.replace(/^tel:/i, '');
    if (phone) phones.push(phone);
  }
  return { name, phones, vcard };
}

const unescaped = (value: string) => value.replace(/\\([,;\\])/g, '$1').replace(/\\n/gi, '\n');
