import { isJidNewsletter, proto, type WAMessage } from '@whiskeysockets/baileys';
import { type Envelope, envelopeOfMessage } from '../envelope.ts';
import { readContent } from '../inbound.ts';
import { userJid } from '../party.ts';
import { isIgnored } from '../policy.ts';
import { unreadableView } from '../view.ts';
import { event, type ListenContext } from './context.ts';

/** How long the sender has for encrypting a message again before it is told that there is one (ms). */
const patienceMs = 30_000;

export interface MessageListener {
  /** A message was stored: it is readable. */
  arrived(chat: string, id: string): void;
}

/**
 * Messages that are not decrypted with the instance's own keys (newsletters, what the phone sends again on request),
 * those that could not be decrypted, and what app state says about messages. All others have been stored before Baileys
 * reports them.
 */
export function listenToMessages(context: ListenContext, resendMs = patienceMs): MessageListener {
  const { sock, history, queue, settings, signal } = context;
  /** Messages that could not be decrypted, with what tells of them unless they become readable. */
  const unread = new Map<string, NodeJS.Timeout>();
  const nameOf = (chat: string, id: string) => `${chat}|${id}`;

  const arrived = (chat: string, id: string) => {
    clearTimeout(unread.get(nameOf(chat, id)));
    unread.delete(nameOf(chat, id));
  };
  // What stays unread when the socket ends is encrypted again for the next one.
  signal.addEventListener('abort', () => {
    for (const timer of unread.values()) clearTimeout(timer);
  });

  function tellUnreadable(envelope: Envelope, viewOnce: boolean): void {
    const { chat, id } = envelope;
    unread.delete(nameOf(chat, id));
    const message = unreadableView(envelope, { viewOnce });
    if (!viewOnce) context.onUnreadable?.();
    queue.add(({ write }) =>
      write(history.append({ message }), [
        { ...event('messages.upsert', { type: 'notify', message }), once: `unreadable|${nameOf(chat, id)}` },
      ]),
    );
  }

  function take(message: WAMessage, arrival: 'notify' | 'append', isResend: boolean): void {
    const me = context.me();
    if (!me) return;
    const envelope = { ...envelopeOfMessage(message, me), offline: arrival === 'append' };
    const { chat, id } = envelope;
    if (!id || isIgnored(chat, settings)) return;
    if (isResend || isJidNewsletter(chat)) {
      const content = message.message && proto.Message.fromObject(message.message);
      const inbound = content && readContent(envelope, content, me, context.receiver.viewOptions);
      if (!inbound) return;
      arrived(chat, id);
      queue.add(async ({ write, read }) => {
        const received = await read(() => context.receiver.receiveInbound(inbound, `plain|${nameOf(chat, id)}`));
        await write(received.commands, received.events);
        context.stored(received);
      });
      return;
    }
    if (message.key.isViewOnce && !message.message) tellUnreadable(envelope, true);
    else if (message.messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT && !unread.has(nameOf(chat, id)))
      unread.set(
        nameOf(chat, id),
        setTimeout(() => tellUnreadable(envelope, false), resendMs),
      );
  }

  sock.ev.on('messages.upsert', ({ messages, type, requestId }) => {
    for (const message of messages) take(message, type, requestId !== undefined);
  });

  sock.ev.on('messages.update', (updates) => {
    for (const { key, update } of updates) {
      const { starred } = update;
      const chat = userJid(key.remoteJid);
      if (typeof starred !== 'boolean' || !key.id || isIgnored(chat, settings)) continue;
      const data = { id: key.id, chat, fromMe: key.fromMe ?? false, starred };
      const commands = history.setStarred({ id: key.id, chats: [chat] }, starred);
      queue.add(({ write }) => write(commands, [event('messages.update', data)]));
    }
  });

  sock.ev.on('messages.delete', (deleted) => {
    if (!('keys' in deleted)) {
      const chat = userJid(deleted.jid);
      queue.add(async ({ write }) => {
        for await (const batch of history.removeChat(chat, { keepChat: true })) await write(batch);
        await write([], [event('messages.delete', { chat })]);
      });
      return;
    }
    const byChat = Map.groupBy(deleted.keys, ({ remoteJid }) => userJid(remoteJid));
    for (const [chat, keys] of byChat) {
      const ids = keys.flatMap(({ id }) => (id ? [id] : []));
      const commands = history.remove(ids.map((id) => ({ id, chats: [chat] })));
      queue.add(({ write }) => write(commands, [event('messages.delete', { chat, ids })]));
    }
  });

  return { arrived };
}
