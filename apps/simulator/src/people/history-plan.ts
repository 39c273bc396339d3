import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Network } from '../network.ts';
import { encryptMedia } from './media.ts';

/** How much a phone has to tell a device that is newly linked. */
export interface HistorySize {
  chats: number;
  /** In all chats together. */
  messages: number;
  /** Messages in one notification. */
  chunk: number;
  /** Messages of each chat that are only told when a client asks for older ones. */
  older: number;
  /** The older half comes as full history, which clients by default leave out. */
  full: boolean;
  /** In so many chats the newest message is a picture. */
  pictures: number;
}

/** Newest message first. */
interface Slice {
  chat: number;
  from: number;
  to: number;
}

/** Part of a history: one notification. */
export interface HistoryPart {
  syncType: proto.HistorySync.HistorySyncType;
  progress?: number;
  slices: Slice[];
}

const { HistorySyncType } = proto.HistorySync;
/** Seconds between two messages of a chat. */
const gap = 600;

/**
 * The made-up past of an account: chats with people, half of them by LID, and texts both ways. Nothing is stored: each
 * message follows from its chat's number and its own, 0 being the newest.
 */
export class HistoryPlan {
  readonly size: HistorySize;
  readonly people: Account[];
  readonly #account: Account;
  readonly #end = now();
  readonly #pictures = new Map<number, proto.Message.IImageMessage>();

  constructor(network: Network, account: Account, size: HistorySize) {
    this.size = size;
    this.#account = account;
    this.people = Array.from({ length: size.chats }, (_, index) =>
      network.ensureAccount(`5521${900_000_000 + index}`, { name: `Person ${index}` }),
    );
  }

  /** Uploads the pictures of the history, as if that had been long ago. */
  async upload(network: Network): Promise<void> {
    for (let chat = 0; chat < Math.min(this.size.pictures, this.size.chats); chat += 1) {
      const { blob, announced } = encryptMedia('image', [randomBytes(1_000)]);
      const { url, directPath } = await network.media.put(blob, { kind: 'image' });
      const keys = announced();
      const caption = `Picture of chat ${chat}`;
      this.#pictures.set(chat, { ...keys, url, directPath, mimetype: 'image/jpeg', caption });
      network.mediaRetries.remember(idOf(chat, 0), { mediaKey: keys.mediaKey, directPath });
    }
  }

  /** JID of a chat. */
  jidOf(chat: number): string {
    return this.people[chat]?.jid(chat % 2 === 0 ? 'pn' : 'lid') ?? '';
  }

  /** Messages that the history has of a chat. */
  countOf(chat: number): number {
    const { chats, messages } = this.size;
    return Math.floor(messages / chats) + (chat < messages % chats ? 1 : 0);
  }

  /** All notifications after the first one, which has the newest message of each chat. */
  get parts(): HistoryPart[] {
    const rest = this.people.map((_, chat) => ({ chat, from: 1, to: this.countOf(chat) }));
    if (!this.size.full) return this.#chunks(HistorySyncType.RECENT, rest);
    const middle = ({ from, to }: Slice) => from + Math.ceil((to - from) / 2);
    const newer = rest.map((slice) => ({ ...slice, to: middle(slice) }));
    const older = rest.map((slice) => ({ ...slice, from: middle(slice) }));
    return [...this.#chunks(HistorySyncType.RECENT, newer), ...this.#chunks(HistorySyncType.FULL, older)];
  }

  /** The newest message of each chat. */
  get newest(): Slice[] {
    return this.people.flatMap((_, chat) => (this.countOf(chat) > 0 ? [{ chat, from: 0, to: 1 }] : []));
  }

  /** Messages of a chat that are older than one of its messages; none if the chat or the message is of no history. */
  olderThan(jid: string, id: string, count: number): Slice | undefined {
    const chat = this.people.findIndex((person) => person.jid('pn') === jid || person.jid('lid') === jid);
    const match = /^3A([0-9A-F]{9})([0-9A-F]{9})$/.exec(id);
    if (chat < 0 || !match || Number.parseInt(match[1] ?? '', 16) !== chat) return undefined;
    const from = Number.parseInt(match[2] ?? '', 16) + 1;
    return { chat, from, to: Math.min(from + count, this.countOf(chat) + this.size.older) };
  }

  /** A chat with some of its messages. */
  conversation({ chat, from, to }: Slice): proto.IConversation {
    const person = this.people[chat];
    const jid = this.jidOf(chat);
    const messages = Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
      message: this.#message(chat, jid, from + index),
      msgOrderId: to - index,
    }));
    return {
      id: jid,
      name: person?.name,
      ...(jid.endsWith('@lid') ? { pnJid: person?.jid('pn') } : { lidJid: person?.jid('lid') }),
      conversationTimestamp: this.#timeOf(chat, 0),
      unreadCount: 0,
      archived: chat % 10 === 9,
      messages,
    };
  }

  #message(chat: number, jid: string, index: number): proto.IWebMessageInfo {
    const fromMe = index % 2 === 1;
    const picture = index === 0 ? this.#pictures.get(chat) : undefined;
    return {
      key: { remoteJid: jid, fromMe, id: idOf(chat, index) },
      message: picture ? { imageMessage: picture } : { conversation: `Message ${index} of chat ${chat}` },
      messageTimestamp: this.#timeOf(chat, index),
      status: fromMe ? proto.WebMessageInfo.Status.READ : proto.WebMessageInfo.Status.DELIVERY_ACK,
      pushName: fromMe ? this.#account.name : this.people[chat]?.name,
    };
  }

  /** Unix seconds. */
  #timeOf(chat: number, index: number): number {
    return this.#end - chat - index * gap;
  }

  #chunks(syncType: proto.HistorySync.HistorySyncType, slices: Slice[]): HistoryPart[] {
    const total = slices.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
    const parts: HistoryPart[] = [];
    let part: Slice[] = [];
    let inPart = 0;
    let done = 0;
    const finish = () => {
      parts.push({ syncType, progress: total === 0 ? 100 : Math.floor((100 * done) / total), slices: part });
      part = [];
      inPart = 0;
    };
    for (const slice of slices) {
      for (let { from } = slice; from < slice.to; ) {
        const to = Math.min(slice.to, from + this.size.chunk - inPart);
        part.push({ ...slice, from, to });
        inPart += to - from;
        done += to - from;
        from = to;
        if (inPart === this.size.chunk) finish();
      }
    }
    // Clients wait for one that says 100, even if there is nothing to tell.
    if (inPart > 0 || parts.at(-1)?.progress !== 100) finish();
    return parts;
  }
}

/** The id of a message says which one it is. */
function idOf(chat: number, index: number): string {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(9, '0');
  return `3A${hex(chat)}${hex(index)}`;
}
