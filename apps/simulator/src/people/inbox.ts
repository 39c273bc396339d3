import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** One message as a contact sees it. */
export interface InboxEntry {
  id: string;
  /** Phone of the other side. */
  chat: string;
  /** `phone:device` that sent it. */
  from: string;
  /** Kind of content: the name of the message's field, such as `conversation`. */
  type: string;
  text: string | undefined;
  /** Unix milliseconds of the first time it was shown. */
  at: number;
  /** How often it was decrypted; shown once all the same. */
  decryptions: number;
  /** Place in the inbox, from 1. */
  shownAs: number;
}

/** What a contact was shown: each chat and id once, as phones do. */
export class Inbox {
  readonly #entries = new Map<string, InboxEntry>();

  /** Shows a decrypted message. False if it had been shown before. */
  show({ id, chat, from, message }: { id: string; chat: string; from: string; message: proto.Message }): boolean {
    const key = `${chat}|${id}`;
    const known = this.#entries.get(key);
    if (known) {
      known.decryptions += 1;
      return false;
    }
    this.#entries.set(key, {
      id,
      chat,
      from,
      type: typeOf(message),
      text: this.textOf(message),
      at: Date.now(),
      decryptions: 1,
      shownAs: this.#entries.size + 1,
    });
    return true;
  }

  /** In the order they were shown. */
  list(): InboxEntry[] {
    return [...this.#entries.values()];
  }

  /** The text of a message, its caption if it is media. */
  textOf(message: proto.Message): string | undefined {
    return (
      message.conversation ??
      message.extendedTextMessage?.text ??
      message.imageMessage?.caption ??
      message.videoMessage?.caption ??
      message.documentMessage?.caption ??
      message.reactionMessage?.text ??
      undefined
    );
  }
}

function typeOf(message: proto.Message): string {
  const names = Object.keys(message).filter((name) => name !== 'messageContextInfo');
  return names.find((name) => name !== 'senderKeyDistributionMessage') ?? names[0] ?? 'unknown';
}
