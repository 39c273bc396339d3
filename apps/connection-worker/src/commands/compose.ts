import { randomBytes } from 'node:crypto';
import type { QueuedBody } from '@flotilla/contracts';
import { isJidGroup, isJidStatusBroadcast, proto } from '@whiskeysockets/baileys';
import { typeOf, unwrap } from '../events/unwrap.ts';
import { addressesOf, meIn, personJid } from './address.ts';
import { findMessage, isOwn } from './found-message.ts';
import type { SendContext } from './handler.ts';
import { notFound } from './referred-message.ts';

/** What every message with content may have beside it. */
export type ContextFields = Pick<
  QueuedBody<'send.text'>,
  'quoted' | 'mentions' | 'mentionAll' | 'expiration' | 'forwarded'
>;

export interface Composition extends ContextFields {
  to: string;
  viewOnce?: boolean;
  /** Id of the album that the message belongs to. */
  album?: string;
}

/**
 * Makes a message of its content: with what it answers, whom it mentions, how long it stays, and the secret by which
 * others vote, respond and report.
 * @param content one field of `proto.Message`
 */
export async function compose(
  context: SendContext,
  content: proto.IMessage,
  composition: Composition,
): Promise<proto.IMessage> {
  const { to, viewOnce, album } = composition;
  const contextInfo = await contextInfoOf(context, composition);
  const type = typeOf(content);
  const value: unknown = type && Reflect.get(content, type);
  if (typeof value === 'object' && value !== null) {
    const before = (value as { contextInfo?: proto.IContextInfo | null }).contextInfo;
    if (before || Object.keys(contextInfo).length > 0) Reflect.set(value, 'contextInfo', { ...before, ...contextInfo });
    if (viewOnce) Reflect.set(value, 'viewOnce', true);
  }
  const messageContextInfo: proto.IMessageContextInfo = {
    messageSecret: randomBytes(32),
    ...content.messageContextInfo,
    ...(album ? { messageAssociation: inAlbum(to, album) } : {}),
  };
  return proto.Message.create(
    viewOnce ? { viewOnceMessage: { message: content }, messageContextInfo } : { ...content, messageContextInfo },
  );
}

const inAlbum = (to: string, album: string): proto.IMessageAssociation => ({
  associationType: proto.MessageAssociation.AssociationType.MEDIA_ALBUM,
  parentMessageKey: { remoteJid: to, fromMe: true, id: album },
});

/** The part of a message that says what stands around its content. */
export async function contextInfoOf(
  context: SendContext,
  { to, quoted, mentions, mentionAll, expiration, forwarded }: ContextFields & { to: string },
): Promise<proto.IContextInfo> {
  const seconds = expiration ?? (await chatExpiration(context, to));
  return {
    ...(quoted ? await quote(context, to, quoted) : {}),
    ...(mentions?.length ? { mentionedJid: mentions.map(personJid) } : {}),
    ...(mentionAll && isJidGroup(to) ? { nonJidMentions: 1 } : {}),
    ...(forwarded ? { isForwarded: true, forwardingScore: 1 } : {}),
    ...(seconds > 0 ? { expiration: seconds } : {}),
  };
}

/** How long messages of a chat stay, as it is set (seconds); 0: for ever, or unknown. */
async function chatExpiration(context: SendContext, chat: string): Promise<number> {
  if (isJidStatusBroadcast(chat)) return 0;
  for (const jid of await addressesOf(context, chat)) {
    const seconds = await context.store.chatExpiration(jid);
    if (seconds !== undefined) return seconds;
  }
  return 0;
}

async function quote(
  context: SendContext,
  to: string,
  { id, fromMe, sender, text }: NonNullable<ContextFields['quoted']>,
): Promise<proto.IContextInfo> {
  const found = await findMessage(context, id);
  if (found) {
    const author = found.fromMe || isOwn(context, found.sender) ? meIn(context, to) : found.sender;
    const isElsewhere = found.chat !== to && !(await addressesOf(context, to)).includes(found.chat);
    return {
      stanzaId: id,
      participant: author,
      quotedMessage: quotable(found.content),
      // An answer in private to what was written in a group names the group.
      ...(isElsewhere ? { remoteJid: found.chat } : {}),
    };
  }
  if (text === undefined) throw notFound('give its text (quoted.text), which is shown as the quote');
  if (fromMe === undefined && sender === undefined && isJidGroup(to))
    throw notFound('say who wrote it (quoted.sender)');
  const author = fromMe ? meIn(context, to) : sender === undefined ? to : personJid(sender);
  return { stanzaId: id, participant: author, quotedMessage: { conversation: text } };
}

/** The content of a message without what stood around it: nobody quotes a quote. */
function quotable(message: proto.IMessage): proto.IMessage {
  const { content } = unwrap(message);
  const type = typeOf(content);
  if (!type) return {};
  const copy = proto.Message.decode(proto.Message.encode({ ...content, messageContextInfo: undefined }).finish());
  const value: unknown = Reflect.get(copy, type);
  if (typeof value === 'object' && value !== null) Reflect.deleteProperty(value, 'contextInfo');
  return copy;
}
