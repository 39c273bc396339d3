import type { Chat } from '@flotilla/contracts';
import { type ChatUpdate, isJidGroup } from '@whiskeysockets/baileys';
import { lidOf, phoneOf, userJid } from './party.ts';

/** Some fields hold seconds, some milliseconds, some either, depending on where Baileys has them from. */
const secondsEndAt = 100_000_000_000;

function milliseconds(time: number | { toString(): string }): number {
  const value = Number(time);
  return value > 0 && value < secondsEndAt ? value * 1_000 : value;
}

type View = Partial<Chat> & { jid: string };

/**
 * What Baileys says of a chat, as events and lists show it: fields that it says nothing of are left out.
 * @returns undefined without a JID
 */
export function chatView(chat: ChatUpdate): View | undefined {
  const jid = userJid(chat.id);
  if (!jid) return undefined;
  const { name, displayName, archived, pinned, muteEndTime, readOnly, ephemeralExpiration } = chat;
  const view: View = { jid };
  const title = name ?? displayName;
  const phone = phoneOf(jid) ?? phoneOf(chat.pnJid);
  const lid = lidOf(jid) ?? lidOf(chat.lidJid ?? chat.accountLid);
  if (title) view.name = title;
  if (phone) view.phone = phone;
  if (lid) view.lid = lid;
  if (isJidGroup(jid)) view.isGroup = true;
  if (typeof archived === 'boolean') view.archived = archived;
  if (pinned !== undefined) view.pinnedAt = milliseconds(pinned ?? 0);
  if (muteEndTime !== undefined) view.mutedUntil = milliseconds(muteEndTime ?? 0);
  if (typeof readOnly === 'boolean') view.readOnly = readOnly;
  if (ephemeralExpiration !== undefined) view.ephemeralSeconds = ephemeralExpiration ?? 0;
  if (typeof chat.unreadCount === 'number') view.unread = chat.unreadCount;
  const lastAt = chat.conversationTimestamp ?? chat.lastMessageRecvTimestamp;
  if (lastAt) view.lastMessageAt = milliseconds(lastAt);
  return view;
}

/**
 * The same of an update. What Baileys derives from a message that has come (count, time) is left out: the message has
 * its own event, and the history counts by itself.
 * @returns undefined if nothing is left
 */
export function chatChange(update: ChatUpdate): View | undefined {
  const isFromMessage = update.conversationTimestamp !== undefined || update.messages !== undefined;
  const { unreadCount, ephemeralExpiration, ...rest } = update;
  const own = {
    ...rest,
    conversationTimestamp: undefined,
    lastMessageRecvTimestamp: undefined,
    pnJid: undefined,
    lidJid: undefined,
    ...(isFromMessage ? {} : { unreadCount }),
    // In a chat with one person it comes as a message, and has been told with it.
    ...(isJidGroup(update.id ?? '') ? { ephemeralExpiration } : {}),
  };
  const view = chatView(own);
  if (!view) return undefined;
  const { jid, isGroup: _isGroup, phone: _phone, lid: _lid, ...changes } = view;
  return Object.keys(changes).length > 0 ? { jid, ...changes } : undefined;
}
