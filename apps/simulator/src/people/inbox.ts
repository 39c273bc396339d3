import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type Change, changeIn } from './change.ts';
import { unwrap } from './content.ts';
import { type MessageView, viewOf } from './message-view.ts';
import { type Person, ShownMessage } from './shown-message.ts';

/** One message as a contact sees it. */
export interface InboxEntry extends MessageView {
  /** `phone:device` that sent it. */
  from: string;
  /** How often it was decrypted; shown once all the same. */
  decryptions: number;
  /** Place in the inbox, from 1. */
  shownAs: number;
}

/** A decrypted message and where it belongs. */
export interface Incoming {
  id: string;
  /** Phone of the other side, or JID of a group or of the status. */
  chat: string;
  /** `phone:device` that sent it. */
  from: string;
  message: proto.IMessage;
}

interface Received {
  shown: ShownMessage;
  from: string;
  decryptions: number;
  shownAs: number;
  /** The message that this one changes, and whether it did. */
  changes: MessageView['changes'];
}

/** Messages of its own that a contact keeps showing. */
const maxSent = 5_000;

/** What a contact was shown, each chat and id once, as phones do; and what it wrote itself. */
export class Inbox {
  readonly #received = new Map<string, Received>();
  readonly #sent = new Map<string, { shown: ShownMessage; changes: MessageView['changes'] }>();
  /** Ids of the parts of each album. */
  readonly #albums = new Map<string, string[]>();
  readonly #personOf: (phone: string) => Person;
  readonly #isAdmin: (chat: string, phone: string) => boolean;

  /** `personOf` knows the JIDs of a phone number, `isAdmin` who may delete what others wrote to a chat. */
  constructor(personOf: (phone: string) => Person, isAdmin: (chat: string, phone: string) => boolean) {
    this.#personOf = personOf;
    this.#isAdmin = isAdmin;
  }

  /** Shows a decrypted message, or what it changes. Undefined if it had been shown before. */
  show({ id, chat, from, message }: Incoming): ShownMessage | undefined {
    const key = keyOf(chat, id);
    const known = this.#received.get(key);
    if (known) {
      known.decryptions += 1;
      return undefined;
    }
    const sender = this.#personOf(from.split(':')[0] ?? from);
    const { shown, changes } = this.#add(chat, id, sender, message);
    this.#received.set(key, { shown, from, decryptions: 1, shownAs: this.#received.size + 1, changes });
    return shown;
  }

  /** Notes what the contact itself sends to a chat, and what that changes. */
  note(chat: string, id: string, sender: Person, message: proto.IMessage): ShownMessage {
    const added = this.#add(chat, id, sender, message);
    this.#sent.set(keyOf(chat, id), added);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= maxSent) break;
      this.#sent.delete(oldest);
    }
    return added.shown;
  }

  /** Decryptions beyond the first one of each message. */
  get secondDecryptions(): number {
    let total = 0;
    for (const { decryptions } of this.#received.values()) total += decryptions - 1;
    return total;
  }

  /** A message of a chat, of whoever. */
  find(chat: string, id: string): ShownMessage | undefined {
    const key = keyOf(chat, id);
    return this.#received.get(key)?.shown ?? this.#sent.get(key)?.shown;
  }

  /** A received message by its id alone. */
  received(id: string): ShownMessage | undefined {
    for (const { shown } of this.#received.values()) if (shown.id === id) return shown;
    return undefined;
  }

  /** What was received, in the order it was shown, from behind place `after`. */
  list(after = 0): InboxEntry[] {
    return [...this.#received.values()].slice(after).map(({ shown, changes, ...rest }) => ({
      ...viewOf(shown, changes, this.#albums.get(keyOf(shown.chat, shown.id))),
      ...rest,
    }));
  }

  /** What the contact wrote, oldest first; only the last ones are kept. */
  listSent(): MessageView[] {
    return Array.from(this.#sent.values(), ({ shown, changes }) =>
      viewOf(shown, changes, this.#albums.get(keyOf(shown.chat, shown.id))),
    );
  }

  #add(chat: string, id: string, sender: Person, message: proto.IMessage) {
    const shown = new ShownMessage(chat, id, sender, message);
    if (shown.albumId) {
      const album = keyOf(chat, shown.albumId);
      this.#albums.set(album, [...(this.#albums.get(album) ?? []), id]);
    }
    const change = changeIn(unwrap(message).inner);
    return { shown, changes: change && this.#change(chat, change, sender) };
  }

  #change(chat: string, change: Change, by: Person): MessageView['changes'] {
    const id = change.key.id ?? '';
    const applied = this.find(chat, id)?.apply(change, by, this.#isAdmin(chat, by.phone)) ?? false;
    return { id, as: change.as, applied };
  }
}

function keyOf(chat: string, id: string): string {
  return `${chat}|${id}`;
}
