import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type BinaryNode, node } from '../wire/node.ts';
import { changeIn } from './change.ts';
import { pollIn, unwrap } from './content.ts';

/** What the server is told about a message that it cannot read. */
export interface StanzaDescription {
  type: 'text' | 'media' | 'reaction' | 'poll' | 'event';
  edit: string | undefined;
  mediatype: string | undefined;
  meta: BinaryNode[];
}

/** Codes of the attribute `edit`. */
const editCodes = { edit: '1', pin: '2', delete: '7', adminDelete: '8' };

/** How a phone describes a message to the server. */
export function describe(message: proto.IMessage): StanzaDescription {
  const { inner } = unwrap(message);
  const mediatype = mediaTypeOf(inner);
  return { type: typeOf(inner, mediatype), edit: editOf(inner), mediatype, meta: metaOf(inner) };
}

function typeOf(inner: proto.IMessage, mediatype: string | undefined): StanzaDescription['type'] {
  if (inner.reactionMessage) return 'reaction';
  if (pollIn(inner) ?? inner.pollUpdateMessage) return 'poll';
  if (inner.eventMessage ?? inner.encEventResponseMessage) return 'event';
  return mediatype ? 'media' : 'text';
}

function editOf(inner: proto.IMessage): string | undefined {
  const change = changeIn(inner);
  if (change?.as === 'delete') return change.key.fromMe ? editCodes.delete : editCodes.adminDelete;
  if (change?.as === 'edit') return editCodes.edit;
  return change?.as === 'pin' ? editCodes.pin : undefined;
}

function mediaTypeOf(inner: proto.IMessage): string | undefined {
  if (inner.imageMessage) return 'image';
  if (inner.videoMessage) return inner.videoMessage.gifPlayback ? 'gif' : 'video';
  if (inner.ptvMessage) return 'ptv';
  if (inner.audioMessage) return inner.audioMessage.ptt ? 'ptt' : 'audio';
  if (inner.documentMessage) return 'document';
  if (inner.stickerMessage) return 'sticker';
  if (inner.contactMessage) return 'vcard';
  if (inner.contactsArrayMessage) return 'contact_array';
  if (inner.locationMessage) return 'location';
  if (inner.liveLocationMessage) return 'livelocation';
  if (inner.productMessage) return 'product';
  if (inner.orderMessage) return 'order';
  if (inner.listMessage) return 'list';
  if (inner.listResponseMessage) return 'list_response';
  if (inner.buttonsResponseMessage) return 'buttons_response';
  if (inner.interactiveResponseMessage) return 'native_flow_response';
  return inner.groupInviteMessage ? 'url' : undefined;
}

function metaOf(inner: proto.IMessage): BinaryNode[] {
  if (pollIn(inner)) return [node('meta', { polltype: 'creation' })];
  if (inner.pollUpdateMessage) return [node('meta', { polltype: 'vote' })];
  if (inner.eventMessage) return [node('meta', { event_type: 'creation' })];
  if (inner.encEventResponseMessage) return [node('meta', { event_type: 'response' })];
  return [];
}
