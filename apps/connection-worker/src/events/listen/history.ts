import type { MessageStatus, Reaction } from '@flotilla/contracts';
import type { MessageToAppend, Vote } from '@flotilla/history';
import { type BaileysEventMap, proto, type WAMessage } from '@whiskeysockets/baileys';
import { chatView } from '../chat-view.ts';
import { contactView } from '../contact-view.ts';
import { type Envelope, envelopeOfMessage } from '../envelope.ts';
import { readContent } from '../inbound.ts';
import type { Me } from '../party.ts';
import { isIgnored } from '../policy.ts';
import { optionNames, votedFor } from '../votes.ts';
import { event, type ListenContext } from './context.ts';

const { HistorySyncType } = proto.HistorySync;
const { Status } = proto.WebMessageInfo;

/** Chats and contacts that one script adds. */
const peopleBatch = 200;

/** What the phone's status of a message stands for; it does not say when each was reached. */
const statuses = new Map<unknown, MessageStatus>([
  [Status.SERVER_ACK, 'acked'],
  [Status.DELIVERY_ACK, 'delivered'],
  [Status.READ, 'read'],
  [Status.PLAYED, 'played'],
]);

/**
 * What the phone tells of earlier times, after pairing and on request. It goes into the history, in batches with pauses;
 * tenants are told how far it is, not message by message.
 */
export function listenToHistory(context: ListenContext): void {
  const { sock, history, queue, settings, log } = context;
  sock.ev.on('messaging-history.set', (part) => {
    const me = context.me();
    if (!me) return;
    queue.add(async ({ write }) => {
      const began = performance.now();
      const isShown = ({ jid }: { jid: string }) => !isIgnored(jid, settings);
      // Which numbers LIDs belong to is stored where Baileys stores it.
      const chats = part.chats.flatMap((chat) => chatView(chat) ?? []).filter(isShown);
      for (let at = 0; at < chats.length; at += peopleBatch)
        await write(history.updateChats(chats.slice(at, at + peopleBatch)));
      const contacts = part.contacts.flatMap((contact) => contactView(contact) ?? []);
      for (let at = 0; at < contacts.length; at += peopleBatch)
        await write(history.updateContacts(contacts.slice(at, at + peopleBatch)));
      let messages = 0;
      const entries = function* () {
        for (const message of part.messages) {
          const entry = historyEntry(message, me, context);
          if (!entry) continue;
          messages += 1;
          yield entry;
        }
      };
      for await (const batch of history.appendMany(entries())) await write(batch);
      const progress = { messages, chats: chats.length, contacts: contacts.length };
      await write([], [event('messaging-history.status', { ...progress, ...progressOf(part) })]);
      await history.trim((batch) => write(batch));
      log.info({ ...progress, ms: Math.round(performance.now() - began) }, 'history.stored');
    });
  });
}

function progressOf({ progress, syncType }: BaileysEventMap['messaging-history.set']) {
  const isLast = progress === 100 && (syncType === HistorySyncType.RECENT || syncType === HistorySyncType.FULL);
  return {
    ...(typeof progress === 'number' ? { progress } : {}),
    complete: isLast || syncType === HistorySyncType.ON_DEMAND,
  };
}

/** A message of the phone's history for ours; undefined if nobody wrote it, or it cannot be read. */
function historyEntry(message: WAMessage, me: Me, { settings, log }: ListenContext): MessageToAppend | undefined {
  try {
    const envelope = envelopeOfMessage(message, me);
    if (!envelope.id || !message.message || isIgnored(envelope.chat, settings)) return undefined;
    const content = proto.Message.fromObject(message.message);
    const inbound = readContent(envelope, content, me, { fetches: () => false });
    if (inbound?.what !== 'message') return undefined;
    const status = envelope.fromMe ? statuses.get(message.status) : undefined;
    return {
      message: inbound.message,
      content: inbound.content,
      ...(status ? { statuses: { at: { [status]: envelope.at } } } : {}),
      starred: message.starred ?? false,
      reactions: (message.reactions ?? []).flatMap((reaction) => reactionOf(reaction, envelope, me)),
      votes: (message.pollUpdates ?? []).flatMap((update) =>
        voteOf(update, inbound.message.poll?.options, envelope, me),
      ),
      live: false,
    };
  } catch (error) {
    log.debug({ error: error instanceof Error ? error.name : 'unknown' }, 'history.unreadable');
    return undefined;
  }
}

function reactionOf({ key, text, senderTimestampMs }: proto.IReaction, { chat, at }: Envelope, me: Me): Reaction[] {
  if (!key || !text) return [];
  const { sender } = envelopeOfMessage({ key: { ...key, remoteJid: key.remoteJid ?? chat } }, me);
  return [{ sender, emoji: text, at: Number(senderTimestampMs ?? at) }];
}

function voteOf(update: proto.IPollUpdate, options: string[] | undefined, { chat, at }: Envelope, me: Me): Vote[] {
  const { pollUpdateMessageKey: key, vote, senderTimestampMs } = update;
  if (!key || !vote || !options) return [];
  const { sender: voter } = envelopeOfMessage({ key: { ...key, remoteJid: key.remoteJid ?? chat } }, me);
  return [{ voter, at: Number(senderTimestampMs ?? at), options: votedFor(vote, optionNames(options)) }];
}
