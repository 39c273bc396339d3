import { proto } from '@whiskeysockets/baileys';
import { isAbout } from '../events/about.ts';
import { isMe } from '../events/party.ts';
import { typeOf, unwrap } from '../events/unwrap.ts';
import { addressesOf, meIn, meOf } from './address.ts';
import type { SendContext } from './handler.ts';

/** A message that is kept here, as far as a message about it needs it. */
export interface FoundMessage {
  id: string;
  chat: string;
  fromMe: boolean;
  /** JID of who wrote it, as WhatsApp addressed them. */
  sender: string;
  /** As it is now, with its wrappers. */
  content: proto.IMessage;
}

/**
 * Looks a message up: in the history, else in the journal of what this instance has sent in the last days.
 * @returns undefined if it is not kept, or its content is not
 */
export async function findMessage(context: SendContext, id: string): Promise<FoundMessage | undefined> {
  const kept = await context.history.read(id);
  if (kept?.deleted) return undefined;
  const bytes = kept?.content ?? (await context.store.sentContent(id));
  if (!bytes) return undefined;
  const content = proto.Message.decode(bytes);
  if (isAbout(unwrap(content).content)) return undefined;
  if (kept) {
    const { chat, fromMe, sender, text } = kept.message;
    const current = kept.editedContent ? edited(content, proto.Message.decode(kept.editedContent), text) : content;
    return { id, chat, fromMe, sender: sender.jid, content: current };
  }
  const entry = await context.store.readJournal(id);
  return entry && { id, chat: entry.to, fromMe: true, sender: meIn(context, entry.to), content };
}

/** A message after an edit: another text, but the same file. */
function edited(original: proto.IMessage, edit: proto.IMessage, text = ''): proto.IMessage {
  const { content } = unwrap(original);
  const type = typeOf(content);
  const value: unknown = type && Reflect.get(content, type);
  if (typeof value !== 'object' || value === null || !('mediaKey' in value) || type === 'extendedTextMessage')
    return edit;
  return proto.Message.fromObject({ [type ?? '']: { ...value, caption: text } });
}

/** Whether a message belongs to a chat, by whichever address. */
export async function isIn(context: SendContext, found: FoundMessage, chat: string): Promise<boolean> {
  return found.chat === chat || (await addressesOf(context, chat)).includes(found.chat);
}

/** Whether somebody is this number. */
export const isOwn = (context: SendContext, jid: string | undefined) => isMe(jid, meOf(context));
