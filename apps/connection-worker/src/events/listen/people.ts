import { type Contact, instanceKeys } from '@flotilla/contracts';
import type { Contact as BaileysContact, BaileysEventMap, ChatUpdate } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../bounded-cache.ts';
import { chatChange, chatView } from '../chat-view.ts';
import { contactNews, contactView } from '../contact-view.ts';
import { partyOf, phoneOf, userJid } from '../party.ts';
import { isIgnored } from '../policy.ts';
import { event, type ListenContext } from './context.ts';

/** What comes in larger numbers (with the history, with a group's members) is put on the list, but not told one by one. */
const mostMappingsTold = 20;

/** Contacts whose last report one socket remembers. */
const mostContactsRemembered = 2_000;

const present = <T>(value: T | undefined): value is T => value !== undefined;

/** Chats, contacts, presence and the block list. */
export function listenToPeople(context: ListenContext): void {
  const { sock, history, queue, settings } = context;
  const isShown = ({ jid }: { jid: string }) => !isIgnored(jid, settings);

  sock.ev.on('chats.upsert', (upserts) => {
    const chats = upserts.map(chatView).filter(present).filter(isShown);
    if (chats.length === 0) return;
    queue.add(({ write }) => write(history.updateChats(chats), [event('chats.upsert', { chats })]));
  });

  sock.ev.on('chats.update', (updates: ChatUpdate[]) => {
    const chats = updates.map(chatChange).filter(present).filter(isShown);
    if (chats.length === 0) return;
    queue.add(({ write }) => write(history.updateChats(chats), [event('chats.update', { chats })]));
  });

  sock.ev.on('chats.delete', (deleted) => {
    const jids = deleted.map(userJid);
    queue.add(async ({ write }) => {
      for (const jid of jids) for await (const batch of history.removeChat(jid)) await write(batch);
      await write([], [event('chats.delete', { jids })]);
    });
  });

  /** What was reported last of each contact: repetitions, the rule, cost nothing. */
  const reported = new LRUCache<string, string>(atMost(mostContactsRemembered));
  const tell = (contacts: Partial<BaileysContact>[]) => {
    const views = contacts.map(contactView).filter(present);
    const news = views.filter((view) => view.picture || reported.get(view.jid) !== JSON.stringify(view));
    for (const view of news) reported.set(view.jid, JSON.stringify(view));
    tellContacts(context, news);
  };
  sock.ev.on('contacts.upsert', tell);
  sock.ev.on('contacts.update', tell);

  sock.ev.on('presence.update', ({ id, presences }) => {
    const chat = userJid(id);
    if (isIgnored(chat, settings)) return;
    const events = Object.entries(presences).map(([jid, { lastKnownPresence: presence, lastSeen }]) =>
      event('presence.update', {
        chat,
        participant: partyOf(jid),
        presence,
        ...(lastSeen ? { lastSeen: lastSeen * 1_000 } : {}),
      }),
    );
    queue.add(({ write }) => write([], events));
  });

  sock.ev.on('blocklist.update', ({ blocklist, type }) => {
    queue.add(({ write }) => write([], [event('blocklist.update', { type, jids: blocklist.map(userJid) })]));
  });

  sock.ev.on('labels.edit', ({ id, name, color, deleted }) => {
    const data = { id, name: name ?? '', color: color ?? 0, deleted: deleted ?? false };
    queue.add(({ write }) => write([], [event('labels.edit', data)]));
  });

  sock.ev.on('labels.association', ({ type, association }: BaileysEventMap['labels.association']) => {
    const { labelId: label, chatId: chat } = association;
    const message = 'messageId' in association ? { messageId: association.messageId } : {};
    queue.add(({ write }) => write([], [event('labels.association', { type, label, chat, ...message })]));
  });
}

/** Baileys names a contact with each of their messages: only what is not known yet is told. */
function tellContacts({ redis, instance, history, queue }: ListenContext, contacts: Contact[]): void {
  if (contacts.length === 0) return;
  queue.add(async ({ write, read }) => {
    const known = await read(() =>
      Promise.all(contacts.map(({ jid }) => redis.hgetall(instanceKeys.contact(instance, jid)))),
    );
    const fresh: Contact[] = [];
    const changed: Contact[] = [];
    for (const [n, contact] of contacts.entries()) {
      const before = known[n] ?? {};
      const news = contactNews(contact, before);
      if (news) (Object.keys(before).length === 0 ? fresh : changed).push(news);
    }
    await write(history.updateContacts([...fresh, ...changed]), [
      ...(fresh.length > 0 ? [event('contacts.upsert', { contacts: fresh })] : []),
      ...(changed.length > 0 ? [event('contacts.update', { contacts: changed })] : []),
    ]);
  });
}

/**
 * Which phone number a LID belongs to, wherever Baileys learns it: it tells only what comes by app state, but stores
 * what messages and queries say, too.
 */
export function listenToMappings({ sock, history, queue, told }: ListenContext): void {
  const { lidMapping } = sock.signalRepository;
  const store = lidMapping.storeLIDPNMappings.bind(lidMapping);
  lidMapping.storeLIDPNMappings = async (pairs) => {
    await store(pairs);
    const mappings = pairs.flatMap(({ lid, pn }) => {
      const phone = phoneOf(pn);
      return phone && lid.endsWith('@lid') ? [{ lid: userJid(lid), phone: userJid(pn).replace(/@.*$/, '') }] : [];
    });
    if (mappings.length === 0) return;
    queue.add(async ({ write, read }) => {
      const { fresh, changed, commands } = await read(() =>
        told.news('lid', mappings, ({ lid, phone }) => [lid, phone]),
      );
      const news = [...fresh, ...changed];
      const isBulk = mappings.length > mostMappingsTold;
      await write(
        [...commands, ...news.flatMap(({ lid, phone }) => history.observeLid(lid, phone))],
        isBulk ? [] : news.map((mapping) => event('lid-mapping.update', mapping)),
      );
    });
  };
}
