import { type Chat, type Contact, instanceKeys } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';

/** What is stored of a chat, as text; -1 for unread is a mark of its own, so that counting goes on below it. */
function chatFields(chat: Partial<Chat>, now: number): { set: (string | number)[]; remove: string[] } {
  const { unread, name, archived, pinnedAt, mutedUntil, ephemeralSeconds, readOnly, isGroup } = chat;
  const set: (string | number)[] = [];
  const remove: string[] = [];
  const flag = (field: string, value: boolean | undefined) => {
    if (value) set.push(field, 1);
    else if (value === false) remove.push(field);
  };
  if (name !== undefined) set.push('name', name);
  if (pinnedAt !== undefined) set.push('pinnedAt', pinnedAt);
  if (mutedUntil !== undefined) set.push('mutedUntil', mutedUntil);
  if (ephemeralSeconds !== undefined) set.push('ephemeralSeconds', ephemeralSeconds);
  flag('archived', archived);
  flag('readOnly', readOnly);
  flag('isGroup', isGroup);
  if (unread !== undefined && unread >= 0) {
    set.push('unread', unread);
    // Says something about the same chat under its other address, too.
    if (unread === 0) set.push('readAt', now);
    remove.push('marked');
  } else if (unread !== undefined) set.push('marked', 1);
  return { set, remove };
}

/** Changes what is given of chats, and adds those that are new. `unread: 0` marks one as read. @param now Unix ms */
export function chatCommands(
  instance: string,
  chats: readonly (Partial<Chat> & { jid: string })[],
  now: number,
): RedisCommand[] {
  return chats.flatMap((chat) => {
    const key = instanceKeys.chat(instance, chat.jid);
    const { set, remove } = chatFields(chat, now);
    return [
      {
        command: 'zadd',
        key: instanceKeys.chats(instance),
        args: ['GT', Math.max(0, Math.trunc(chat.lastMessageAt ?? 0)), chat.jid],
      },
      ...(set.length > 0 ? [{ command: 'hset', key, args: set }] : []),
      ...(remove.length > 0 ? [{ command: 'hdel', key, args: remove }] : []),
    ];
  });
}

const contactTexts = ['phone', 'lid', 'name', 'pushName', 'verifiedName', 'about', 'picture'] as const;

/** Changes what is given of contacts, and adds those that are new. @param now Unix ms */
export function contactCommands(
  instance: string,
  contacts: readonly (Partial<Contact> & { jid: string })[],
  now: number,
): RedisCommand[] {
  return contacts.flatMap((contact) => {
    const fields = contactTexts.flatMap((field) => {
      const value = contact[field];
      return value === undefined ? [] : [field, value];
    });
    return [
      { command: 'zadd', key: instanceKeys.contacts(instance), args: ['NX', now, contact.jid] },
      ...(fields.length > 0
        ? [{ command: 'hset', key: instanceKeys.contact(instance, contact.jid), args: fields }]
        : []),
    ];
  });
}
