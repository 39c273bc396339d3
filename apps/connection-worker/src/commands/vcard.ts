import type { QueuedBody } from '@flotilla/contracts';
import { SendRefused } from './handler.ts';

type Contact = QueuedBody<'send.contacts'>['contacts'][number];

/** Commas, semicolons, backslashes and line ends mean something in a vCard (RFC 2426, 2.4.2). */
const escaped = (text: string) => text.replace(/([\\,;])/g, '\\$1').replace(/\r?\n/g, '\\n');

/**
 * A contact as vCard 3.0. Phones show the button for writing to a number only if it has a `waid` of bare digits.
 * @throws SendRefused `invalid-content`
 */
export function vcardOf({ name, phones = [], organization, email, vcard }: Contact): string {
  if (vcard !== undefined) {
    if (/^BEGIN:VCARD\r?\n[\s\S]*^END:VCARD\s*$/im.test(vcard.trim())) return vcard.trim();
    throw new SendRefused('invalid-content', 'A vCard begins with BEGIN:VCARD and ends with END:VCARD');
  }
  if (phones.length === 0) throw new SendRefused('invalid-content', 'A contact needs phones or a vcard');
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped(name)};;;`,
    `FN:${escaped(name)}`,
    ...(organization ? [`ORG:${escaped(organization)}`] : []),
    ...phones.map(telephone),
    ...(email ? [`EMAIL;type=INTERNET:${escaped(email)}`] : []),
    'END:VCARD',
  ].join('\n');
}

function telephone(phone: string): string {
  const digits = phone.normalize('NFKC').replace(/\D/g, '').replace(/^00/, '');
  if (!/^[1-9]\d{4,17}$/.test(digits) || /\p{L}/u.test(phone))
    throw new SendRefused('invalid-content', 'A phone number of a contact is written in international form');
  return `TEL;type=CELL;type=VOICE;waid=${digits}:+${digits}`;
}
