import type { EventMessage } from '@flotilla/contracts';
import { proto } from '@whiskeysockets/baileys';
import { kindOf, textOf } from './kinds.ts';
import { userJid } from './party.ts';
import { typeOf, unwrap } from './unwrap.ts';

/** What stands around the content of a message: what it answers, whom it mentions, how long it stays. */
export type ContextView = Pick<
  EventMessage,
  'quotedId' | 'quoted' | 'mentions' | 'mentionsAll' | 'forwarded' | 'expiration' | 'albumId'
>;

const { AssociationType } = proto.MessageAssociation;

/** Reads the context of an unwrapped message. */
export function contextView(content: proto.IMessage): ContextView {
  const context = contextInfo(content);
  const association = content.messageContextInfo?.messageAssociation;
  const inAlbum = association?.associationType === AssociationType.MEDIA_ALBUM;
  return {
    quotedId: context?.stanzaId || undefined,
    quoted: context && quotedView(context),
    mentions: context?.mentionedJid?.length ? context.mentionedJid.map(userJid) : undefined,
    mentionsAll: (context?.nonJidMentions ?? 0) > 0 || undefined,
    forwarded: context?.isForwarded ? Math.max(context.forwardingScore ?? 1, 1) : undefined,
    expiration: context?.expiration || undefined,
    albumId: (inAlbum && association.parentMessageKey?.id) || undefined,
  };
}

function quotedView(context: proto.IContextInfo): EventMessage['quoted'] {
  if (!context.stanzaId) return undefined;
  const { content } = unwrap(context.quotedMessage ?? {});
  return {
    id: context.stanzaId,
    sender: context.participant ? userJid(context.participant) : undefined,
    kind: context.quotedMessage ? kindOf(content) : undefined,
    text: textOf(content),
  };
}

/** Most kinds of content carry their context; a plain `conversation` has none. */
function contextInfo(content: proto.IMessage): proto.IContextInfo | undefined {
  const type = typeOf(content);
  const value: unknown = type && Reflect.get(content, type);
  if (typeof value !== 'object' || value === null || !('contextInfo' in value)) return undefined;
  return (value.contextInfo as proto.IContextInfo | null) ?? undefined;
}
