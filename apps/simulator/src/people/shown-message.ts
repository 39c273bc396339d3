import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type AddOnUse, decryptAddOn, type EncryptedAddOn } from './add-on.ts';
import type { Change } from './change.ts';
import { type Content, contentOf, pollIn, textOf, unwrap } from './content.ts';

/** Somebody in a chat, by every JID that a client may name them by. */
export interface Person {
  phone: string;
  /** PN and LID JIDs without device. */
  jids: string[];
}

export interface Poll {
  name: string;
  options: string[];
  /** How many options somebody may choose; 0 for any number. */
  selectable: number;
  /** The last vote of each voter, by phone. */
  votes: Map<string, string[]>;
}

export interface EventResponse {
  response: 'going' | 'not-going' | 'maybe';
  extraGuests: number;
}

export interface PlannedEvent {
  name: string;
  description: string | undefined;
  /** Unix seconds. */
  startsAt: number;
  canceled: boolean;
  /** The last response of each guest, by phone. */
  responses: Map<string, EventResponse>;
}

/** Media of a shown message: being fetched, there and genuine, or not. */
export type MediaState = { name: 'loading' } | { name: 'verified' } | { name: 'failed'; problem: string };

const { EventResponseType } = proto.Message.EventResponseMessage;
const responses = new Map<number, EventResponse['response']>([
  [EventResponseType.GOING, 'going'],
  [EventResponseType.NOT_GOING, 'not-going'],
  [EventResponseType.MAYBE, 'maybe'],
]);

/** A message in a chat, with everything that happened to it since. */
export class ShownMessage {
  readonly id: string;
  readonly chat: string;
  readonly sender: Person;
  /** As it came, encoded: what is shown of it at length is decoded when somebody looks. */
  readonly bytes: Uint8Array;
  readonly content: Content;
  readonly poll: Poll | undefined;
  readonly event: PlannedEvent | undefined;
  /** Id of the album that it belongs to. */
  readonly albumId: string | undefined;
  /** Unix milliseconds. */
  readonly at = Date.now();
  text: string | undefined;
  edits = 0;
  deleted = false;
  pinned = false;
  pinnedSeconds = 0;
  kept = false;
  media: MediaState = { name: 'loading' };
  readonly reactions = new Map<string, { text: string; at: number }>();
  readonly #secret: Uint8Array | undefined;

  constructor(chat: string, id: string, sender: Person, message: proto.IMessage) {
    this.chat = chat;
    this.id = id;
    this.sender = sender;
    this.bytes = proto.Message.encode(message).finish();
    this.content = contentOf(message);
    this.text = this.content.text;
    const { inner } = unwrap(message);
    this.#secret = inner.messageContextInfo?.messageSecret ?? undefined;
    const { parentMessageKey } = inner.messageContextInfo?.messageAssociation ?? {};
    this.albumId = parentMessageKey?.id ?? undefined;
    this.poll = pollOf(inner);
    this.event = eventOf(inner);
  }

  /**
   * Somebody changes the message. False if they may not, or if their key names it wrongly: only what somebody wrote is
   * `fromMe` in their keys. Admins of the group may delete what others wrote.
   */
  apply(change: Change, by: Person, isAdmin: boolean): boolean {
    const own = this.sender.phone === by.phone;
    if (Boolean(change.key.fromMe) !== own) return false;
    switch (change.as) {
      case 'reaction':
        this.reactions.delete(by.phone);
        if (change.text) this.reactions.set(by.phone, { text: change.text, at: Date.now() });
        return true;
      case 'edit':
        if (!own || this.deleted) return false;
        this.text = textOf(unwrap(change.message).inner);
        this.edits += 1;
        return true;
      case 'delete':
        if (!own && !isAdmin) return false;
        this.deleted = true;
        this.text = undefined;
        return true;
      case 'pin':
        this.pinned = change.pinned;
        this.pinnedSeconds = change.pinned ? change.seconds : 0;
        return true;
      case 'keep':
        this.kept = change.kept;
        return true;
      case 'vote':
        return this.#vote(change.encrypted, by);
      case 'response':
        return this.#respond(change.encrypted, by);
    }
  }

  /** The secret with which votes and responses are encrypted. */
  get secret(): Uint8Array | undefined {
    return this.#secret;
  }

  #vote(encrypted: EncryptedAddOn, by: Person): boolean {
    const decrypted = this.poll && this.#decrypt('Poll Vote', encrypted, by);
    if (!this.poll || !decrypted) return false;
    const names = new Map(this.poll.options.map((option) => [hashOfOption(option).toString('hex'), option]));
    const chosen = (proto.Message.PollVoteMessage.decode(decrypted).selectedOptions ?? []).map((hash) => {
      const hex = Buffer.from(hash).toString('hex');
      return names.get(hex) ?? hex;
    });
    this.poll.votes.delete(by.phone);
    if (chosen.length > 0) this.poll.votes.set(by.phone, chosen);
    return true;
  }

  #respond(encrypted: EncryptedAddOn, by: Person): boolean {
    const decrypted = this.event && this.#decrypt('Event Response', encrypted, by);
    if (!this.event || !decrypted) return false;
    const { response, extraGuestCount } = proto.Message.EventResponseMessage.decode(decrypted);
    const known = responses.get(Number(response));
    if (!known) return false;
    this.event.responses.set(by.phone, { response: known, extraGuests: extraGuestCount ?? 0 });
    return true;
  }

  #decrypt(use: AddOnUse, encrypted: EncryptedAddOn, by: Person): Buffer | undefined {
    const secret = this.#secret;
    if (!secret) return undefined;
    const contexts = this.sender.jids.flatMap((author) =>
      by.jids.map((jid) => ({ use, id: this.id, author, secret, by: jid })),
    );
    return decryptAddOn(encrypted, contexts);
  }
}

/** Votes name options by the SHA-256 of their text. */
export function hashOfOption(option: string): Buffer {
  return createHash('sha256').update(option).digest();
}

function pollOf(inner: proto.IMessage): Poll | undefined {
  const poll = pollIn(inner);
  if (!poll) return undefined;
  return {
    name: poll.name ?? '',
    options: (poll.options ?? []).map(({ optionName }) => optionName ?? ''),
    selectable: poll.selectableOptionsCount ?? 0,
    votes: new Map(),
  };
}

function eventOf({ eventMessage: event }: proto.IMessage): PlannedEvent | undefined {
  if (!event) return undefined;
  return {
    name: event.name ?? '',
    description: event.description ?? undefined,
    startsAt: Number(event.startTime ?? 0),
    canceled: event.isCanceled ?? false,
    responses: new Map(),
  };
}
