import { isLidUser, isPnUser, jidNormalizedUser } from '@whiskeysockets/baileys';
import type { Me } from '../events/party.ts';
import { type SendContext, SendRefused } from './handler.ts';

/** This number by both of its addresses, without device. */
export const meOf = ({ sock }: Pick<SendContext, 'sock'>): Me => ({
  jid: jidNormalizedUser(sock.user?.id),
  lid: jidNormalizedUser(sock.user?.lid),
});

/** This number as a chat addresses people: by LID in chats that do so. */
export function meIn(context: Pick<SendContext, 'sock'>, chat: string): string {
  const me = meOf(context);
  return isLidUser(chat) && me.lid !== '' ? me.lid : me.jid;
}

/**
 * A person that a body names beside its recipient: a JID, a LID or the digits of a phone number.
 * @throws SendRefused `invalid-content`
 */
export function personJid(text: string): string {
  const trimmed = text.trim();
  const jid = trimmed.includes('@')
    ? jidNormalizedUser(trimmed)
    : `${trimmed.replace(/[+\s().-]/g, '')}@s.whatsapp.net`;
  if (!/^\d{5,20}@(s\.whatsapp\.net|lid)$/.test(jid))
    throw new SendRefused('invalid-content', 'A person is named by a phone number, a JID or a LID');
  return jid;
}

/** A chat by each address that is known for it: people have a phone number and a LID. */
export async function addressesOf({ sock }: Pick<SendContext, 'sock'>, chat: string): Promise<string[]> {
  const { lidMapping } = sock.signalRepository;
  const other = isPnUser(chat)
    ? await lidMapping.getLIDForPN(chat)
    : isLidUser(chat)
      ? await lidMapping.getPNForLID(chat)
      : undefined;
  return other ? [chat, jidNormalizedUser(other)] : [chat];
}
