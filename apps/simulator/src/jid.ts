/** The parts of a JID: `user:device@server`. */
export interface Jid {
  user: string;
  device: number;
  server: string;
}

/** How a stanza addresses people: by phone number or by LID. */
export type Addressing = 'pn' | 'lid';

/** Parses a JID; device 0 is the phone. Undefined if there is no `@`. */
export function parseJid(text: string | undefined): Jid | undefined {
  const at = text?.indexOf('@') ?? -1;
  if (!text || at < 0) return undefined;
  const [user = '', device] = text.slice(0, at).split(':');
  return { user: user.split('_')[0] ?? '', device: device ? Number(device) : 0, server: text.slice(at + 1) };
}

/** `phone@s.whatsapp.net`, with the device if it is a companion. */
export function pnJid(phone: string, device = 0): string {
  return device ? `${phone}:${device}@s.whatsapp.net` : `${phone}@s.whatsapp.net`;
}

/** `lid@lid`, with the device if it is a companion. */
export function lidJid(lid: string, device = 0): string {
  return device ? `${lid}:${device}@lid` : `${lid}@lid`;
}

/** Whether a JID is a LID or a phone number. */
export function addressingOf(jid: string): Addressing {
  return jid.endsWith('@lid') ? 'lid' : 'pn';
}
