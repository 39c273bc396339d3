import type { InboundEntry } from '@flotilla/auth-state';
import type { EventMessage, InstanceSettings, NewEvent, Party } from '@flotilla/contracts';
import type { HistoryWriter, Target } from '@flotilla/history';
import type { RedisCommand } from '@flotilla/lease';
import type { Logger } from '@flotilla/service';
import { isJidGroup } from '@whiskeysockets/baileys';
import type { EventToAppend } from '../instance-store.ts';
import type { PendingFile } from '../media/pending-files.ts';
import type { About } from './about.ts';
import { envelopeOf } from './envelope.ts';
import { type Inbound, readInbound } from './inbound.ts';
import { openAbout, type Parent } from './open-about.ts';
import type { Me } from './party.ts';
import { samePerson } from './party.ts';
import { isIgnored } from './policy.ts';
import { createTally } from './tally.ts';
import { messageView, unreadableView, type ViewOptions } from './view.ts';

export interface ReceiverOptions {
  history: HistoryWriter;
  settings: InstanceSettings;
  /** Undefined while the phone is being linked: nobody can write to it yet. */
  me(): Me | undefined;
  /** Whether a file of this size is to be fetched. */
  fetches: ViewOptions['fetches'];
  /** Bytes of a message that this instance has sent, or undefined. */
  sentContent(messageId: string): Promise<Buffer | undefined>;
  /** How a poll stands in the history. */
  votes: Parameters<typeof createTally>[0];
  /** Commands that put a file on the list of those to be fetched. */
  expectFile(file: PendingFile): RedisCommand[];
  log: Logger;
}

/** What is stored with the ratchets that decrypted a batch of messages. */
export interface Received {
  commands: RedisCommand[];
  events: EventToAppend[];
  /** Messages of others among them. */
  messages: EventMessage[];
  /** How many files are to be fetched. */
  files: number;
  /** Messages that somebody else than their author deleted in a group: only its admins may. */
  revokes: Revoke[];
}

const nothingReceived = (): Received => ({ commands: [], events: [], messages: [], files: 0, revokes: [] });

/** A deletion that is right only if an admin made it. */
export interface Revoke {
  target: Target;
  chat: string;
  fromMe: boolean;
  by: Party;
  at: number;
  /** Token of its event. */
  once: string;
}

export type Receiver = ReturnType<typeof createReceiver>;

/** A chat with one person has two names, a group has one. */
const mayShareChat = (a: string, b: string) => a === b || (!isJidGroup(a) && !isJidGroup(b));

/** A message of which nobody can tell more than who wrote it; undefined if not even that. */
function readEnvelope({ stanza, plaintext }: Pick<InboundEntry, 'stanza' | 'plaintext'>, me: Me): Inbound | undefined {
  try {
    const envelope = envelopeOf(stanza, me);
    const message = { ...unreadableView(envelope, { viewOnce: false }), kind: 'other' as const };
    return { what: 'message', envelope, content: plaintext, message };
  } catch {
    return undefined;
  }
}

/** Turns decrypted messages into events and into changes of the history. */
export function createReceiver(options: ReceiverOptions) {
  const { history, settings, log } = options;
  const viewOptions: ViewOptions = { fetches: options.fetches, raw: settings.rawMessages ?? false };

  function read(entry: Pick<InboundEntry, 'stanza' | 'plaintext'>, me: Me): Inbound | undefined {
    try {
      return readInbound(entry, me, viewOptions);
    } catch (error) {
      // Whatever somebody has put into a message must not stop all that comes after it.
      log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'inbound.unreadable');
      return readEnvelope(entry, me);
    }
  }

  /** One batch: what came earlier in it is not in the history yet. */
  function createBatch(me: Me, now: number) {
    const received = nothingReceived();
    const earlier = new Map<string, Parent>();
    const tally = createTally(options.votes);

    const parentOf = async (id: string): Promise<Parent | undefined> => {
      const inBatch = earlier.get(id);
      if (inBatch) return inBatch;
      const kept = await history.read(id);
      if (kept?.content) return { message: kept.message, content: kept.content };
      const content = await options.sentContent(id);
      return content ? { message: kept?.message, content } : kept && { message: kept.message };
    };

    function add(
      event: NewEvent,
      once: string | undefined,
      commands: readonly RedisCommand[],
      also: RedisCommand[] = [],
    ) {
      received.commands.push(...commands);
      received.events.push({ event, once, also });
    }

    function addMessage(inbound: Extract<Inbound, { what: 'message' }>, once: string) {
      const { envelope, message, content, file } = inbound;
      const { raw: _, ...kept } = message;
      const expected = file
        ? options.expectFile({
            id: envelope.id,
            chat: envelope.chat,
            chats: envelope.chats,
            sender: envelope.sender.jid,
            fromMe: envelope.fromMe,
            file,
            about: message.media ?? { status: 'pending' },
          })
        : [];
      const type = envelope.offline ? 'append' : 'notify';
      add(
        { type: 'messages.upsert', occurredAt: now, data: { type, message } },
        once,
        history.append({ message: kept, content }),
        expected,
      );
      earlier.set(envelope.id, { message: kept, content: Buffer.from(content) });
      if (file) received.files += 1;
      if (!envelope.fromMe) received.messages.push(message);
    }

    async function addAbout(about: About, once: string) {
      const { target, by, at } = about;
      const where = { id: target.id, chats: target.chats };
      const base = { id: target.id, chat: target.chat, fromMe: target.fromMe };
      const update = (data: object, commands: readonly RedisCommand[]) =>
        add({ type: 'messages.update', occurredAt: now, data: { ...base, ...data } }, once, commands);
      const needsParent = about.what !== 'reaction' && about.what !== 'pin' && about.what !== 'keep';
      const parent = needsParent ? await parentOf(target.id) : undefined;
      // Ids are chosen by senders: one may name a message of another chat.
      if (parent?.message && !mayShareChat(parent.message.chat, target.chat)) return;
      const opened = openAbout(about, parent, me);
      switch (opened.what) {
        case 'reaction':
          add(
            { type: 'messages.reaction', occurredAt: now, data: { ...base, sender: by, at, emoji: opened.emoji } },
            once,
            history.setReaction(where, { sender: by, emoji: opened.emoji, at }),
          );
          return;
        case 'edit': {
          // Only its author may change a message; whoever else says so is ignored, as phones do.
          if (parent?.message && !samePerson(parent.message.sender, by)) return;
          const known = parent?.message;
          const envelope = { ...target, sender: known?.sender ?? by, at: known?.timestamp ?? at, offline: false };
          const view = messageView(envelope, opened.message, { ...viewOptions, fetches: () => false }).message;
          const message = { ...view, media: known?.media ?? view.media };
          const { raw: _, ...kept } = message;
          update(
            { edited: { by, at, message } },
            await history.setEdited(where, { at, message: kept, content: opened.content }),
          );
          return;
        }
        case 'revoke':
          if (parent?.message && !samePerson(parent.message.sender, by)) {
            // Who the admins of a group are has to be asked, and nothing can be asked in the middle of a decryption.
            if (isJidGroup(target.chat))
              received.revokes.push({ target: where, chat: target.chat, fromMe: target.fromMe, by, at, once });
            return;
          }
          update({ deleted: { by, at } }, await history.setDeleted(where, at));
          return;
        case 'vote': {
          const vote = { voter: by, at, options: opened.options };
          const result = await tally.add(target.id, parent?.message?.poll?.options ?? opened.names, vote);
          update({ vote: { ...vote, result } }, history.setVote(where, vote));
          return;
        }
        case 'unreadable-vote':
          update({ vote: { voter: by, at, options: [], result: [], unreadable: true } }, []);
          return;
        case 'response':
          update({ response: { responder: by, at, answer: opened.answer, extraGuests: opened.extraGuests } }, []);
          return;
        case 'pin':
          update({ pinned: { by, at, pinned: opened.pinned } }, []);
          return;
        case 'keep':
          update({ kept: { by, at, kept: opened.kept } }, []);
          return;
        case 'nothing':
      }
    }

    return {
      received,
      async add(inbound: Inbound, once: string): Promise<void> {
        if (isIgnored(inbound.envelope.chat, settings)) return;
        if (inbound.what === 'message') addMessage(inbound, once);
        else if (inbound.what === 'about') await addAbout(inbound.about, once);
        else if (!isJidGroup(inbound.envelope.chat)) {
          // Of groups the server says so itself, in a notification.
          const chat = { jid: inbound.envelope.chat, ephemeralSeconds: inbound.seconds };
          add({ type: 'chats.update', occurredAt: now, data: { chats: [chat] } }, once, history.updateChats([chat]));
        }
      },
    };
  }

  return {
    /**
     * Reads a batch, in order. Rejects only if Redis cannot be asked for what a message is about.
     */
    async receive(entries: readonly Pick<InboundEntry, 'id' | 'stanza' | 'plaintext'>[]): Promise<Received> {
      const me = options.me();
      if (!me) return nothingReceived();
      const batch = createBatch(me, Date.now());
      for (const entry of entries) {
        const inbound = read(entry, me);
        if (inbound) await batch.add(inbound, entry.id);
      }
      return batch.received;
    },

    /** The same of one message that did not come encrypted. @param once names it, as `InboundEntry.id` does */
    async receiveInbound(inbound: Inbound, once: string): Promise<Received> {
      const me = options.me();
      const batch = me && createBatch(me, Date.now());
      await batch?.add(inbound, once);
      return batch?.received ?? nothingReceived();
    },

    viewOptions,
  };
}
