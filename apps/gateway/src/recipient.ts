import {
  parsePhoneNumberFromString,
  type ValidatePhoneNumberLengthResult,
  validatePhoneNumberLength,
} from 'libphonenumber-js';

/** A phone number in digits, country code first, or why it is none. */
export type PhoneNumber = { digits: string } | { reason: string };

/** A recipient as WhatsApp addresses it, or why there is none. */
export type Recipient = { jid: string } | { reason: string };

const cure = 'write a phone number in international form, such as +1 415 555 0123';

/** What the numbering plans object to, in words. */
const findings: Record<ValidatePhoneNumberLengthResult, string> = {
  NOT_A_NUMBER: `is not a phone number: ${cure}`,
  INVALID_COUNTRY: `does not begin with a country code: ${cure}`,
  TOO_SHORT: `is too short: ${cure}`,
  TOO_LONG: `is too long: ${cure}`,
  INVALID_LENGTH: `has a length that no number of its country has: ${cure}`,
};

/** Accounts of before 2020 in Mexico keep a 1 behind the country code on WhatsApp, which the numbering plan dropped. */
const oldMexican = /^521\d{10}$/;

/**
 * Reads a phone number in any common writing: spaces, dashes, dots, slashes and parentheses; `+`, `00` or nothing in
 * front. Only its length is checked against its country's plan: plans change faster than any list of them.
 */
export function readPhone(text: string): PhoneNumber {
  if (/\p{L}/u.test(text)) return { reason: `contains letters: ${cure}` };
  // `(0)` behind a country code is the prefix of calls from within; everything else in parentheses counts.
  const bare = text
    .normalize('NFKC')
    .replace(/(?<=\d\s*)\(0\)/, '')
    .replace(/[\s\p{Pd}()./]/gu, '');
  const plain = bare.replace(/^\+|^00/, '');
  if (plain.startsWith('0')) return { reason: findings.INVALID_COUNTRY };
  if (oldMexican.test(plain)) return { digits: plain };
  const number = parsePhoneNumberFromString(`+${plain}`, { extract: false });
  // Reading costs a good part of what a request does, and what says why a number is none reads it once more.
  const finding = number?.isPossible() ? undefined : validatePhoneNumberLength(`+${plain}`);
  if (finding) return { reason: findings[finding] };
  return number && !number.ext ? { digits: number.number.slice(1) } : { reason: findings.NOT_A_NUMBER };
}

/** Servers of JIDs that can be written to: what the part before the @ looks like, and how WhatsApp names them. */
const servers: Record<string, { user: RegExp; server: string }> = {
  // The device (`:12`) is dropped: a message goes to all devices of its recipient.
  's.whatsapp.net': { user: /^([1-9]\d{4,19})(?::\d{1,3})?$/, server: 's.whatsapp.net' },
  'c.us': { user: /^([1-9]\d{4,19})$/, server: 's.whatsapp.net' },
  lid: { user: /^([1-9]\d{4,19})(?::\d{1,3})?$/, server: 'lid' },
  'g.us': { user: /^(\d{5,25}(?:-\d{5,15})?)$/, server: 'g.us' },
};

/**
 * Reads a recipient: a phone number (see `readPhone`), or the JID of a number, a LID or a group.
 * @returns its JID, or the reason for refusing it as the end of a sentence that begins with the field's name
 */
export function readRecipient(text: string): Recipient {
  const at = text.indexOf('@');
  if (at === -1) {
    const phone = readPhone(text);
    return 'reason' in phone ? phone : { jid: `${phone.digits}@s.whatsapp.net` };
  }
  const known =
    servers[
      text
        .slice(at + 1)
        .trim()
        .toLowerCase()
    ];
  if (!known) return { reason: 'is a JID that cannot be written to: use one of @s.whatsapp.net, @lid or @g.us' };
  const user = known.user.exec(text.slice(0, at).trim())?.[1];
  return user
    ? { jid: `${user}@${known.server}` }
    : { reason: `is not a JID of @${known.server}: it needs digits before the @` };
}
