import { randomBytes, randomInt } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { notification } from './notice.ts';
import { randomMessageId } from './people/message-id.ts';
import { type BinaryNode, bytes, child, node, serverJid } from './wire/node.ts';

/** Something that was posted to a newsletter. */
export interface Post {
  id: string;
  /** Counts the newsletter's posts, from 100. */
  serverId: number;
  /** Unix seconds. */
  at: number;
  /** Encoded message, in the clear. */
  content: Uint8Array;
  views: number;
  /** Who reacted with what. */
  reactions: Map<Account, string>;
}

/** A newsletter (channel): everybody may follow it, its owner posts. */
export class Newsletter {
  readonly id: string;
  readonly createdAt = now();
  readonly invite = randomBytes(16).toString('base64url');
  name: string;
  description: string;
  owner: Account | undefined;
  picture: { id: string; directPath: string } | undefined;
  readonly followers = new Set<Account>();
  readonly muted = new Set<Account>();
  readonly posts: Post[] = [];

  constructor(id: string, { name, description = '', owner }: NewsletterOptions) {
    this.id = id;
    this.name = name;
    this.description = description;
    this.owner = owner;
    if (owner) this.followers.add(owner);
  }

  get jid(): string {
    return `${this.id}@newsletter`;
  }

  /** Sends a message to all devices of all followers, but not to the one that posts. */
  post(message: Uint8Array, { id = randomMessageId(), by }: { id?: string | undefined; by?: Device } = {}): Post {
    const serverId = 100 + this.posts.length;
    const post: Post = { id, serverId, at: now(), content: message, views: 0, reactions: new Map() };
    this.posts.push(post);
    const attributes = { from: this.jid, id, server_id: serverId, t: post.at, type: typeOf(message) };
    const stanza = node('message', attributes, [node('plaintext', {}, message)]);
    for (const device of this.#devices()) if (device !== by) device.deliver(stanza);
    return post;
  }

  /** Somebody reacts to a post, or takes the reaction back; the followers are told. */
  react(post: Post, by: Account, code: string): void {
    if (code) post.reactions.set(by, code);
    else post.reactions.delete(by);
    const reaction = node('reaction', { message_id: post.serverId }, [node('reaction', {}, code)]);
    for (const device of this.#devices()) device.deliver(notification(this.jid, 'newsletter', [reaction]));
  }

  /** Changes name or description; the followers are told. */
  describe(change: { name?: string | undefined; description?: string | undefined }): void {
    this.name = change.name ?? this.name;
    this.description = change.description ?? this.description;
    const told = { operation: 'NotificationNewsletterUpdate', updates: [{ jid: this.jid, settings: change }] };
    const content = [node('mex', {}, JSON.stringify(told))];
    for (const device of this.#devices()) device.deliver(notification(serverJid, 'mex', content));
  }

  *#devices(): Iterable<Device> {
    for (const follower of this.followers) yield* follower.devices.values();
  }
}

interface NewsletterOptions {
  name: string;
  description?: string | undefined;
  owner?: Account | undefined;
}

/** All newsletters. */
export class Newsletters {
  readonly #byId = new Map<string, Newsletter>();

  get all(): Newsletter[] {
    return [...this.#byId.values()];
  }

  /** By JID or by its digits. */
  find(jid: string | undefined): Newsletter | undefined {
    return this.#byId.get((jid ?? '').replace(/@newsletter$/, ''));
  }

  byInvite(code: string): Newsletter | undefined {
    return this.all.find(({ invite }) => invite === code);
  }

  create(options: NewsletterOptions): Newsletter {
    const newsletter = new Newsletter(`120363${randomInt(10 ** 11, 10 ** 12)}`, options);
    this.#byId.set(newsletter.id, newsletter);
    return newsletter;
  }

  delete(newsletter: Newsletter): void {
    this.#byId.delete(newsletter.id);
  }

  /** A client's message to a newsletter: a post of its owner, or a reaction. Gives the attributes of the ack. */
  take(device: Device, message: BinaryNode): { error?: string; server_id?: number } {
    const newsletter = this.find(message.attrs.to);
    if (!newsletter) return { error: '404' };
    if (message.attrs.type === 'reaction') {
      const post = newsletter.posts.find(({ serverId }) => String(serverId) === message.attrs.server_id);
      if (!post) return { error: '404' };
      newsletter.react(post, device.account, child(message, 'reaction')?.attrs.code ?? '');
      return { server_id: post.serverId };
    }
    if (newsletter.owner !== device.account) return { error: '403' };
    const post = newsletter.post(bytes(child(message, 'plaintext')), { id: message.attrs.id, by: device });
    return { server_id: post.serverId };
  }

  reset(): void {
    this.#byId.clear();
  }
}

/** Whether a JID names a newsletter, which may not exist. */
export function isNewsletterJid(jid: string): boolean {
  return jid.endsWith('@newsletter');
}

/** Anything but plain text is media to the server. */
function typeOf(message: Uint8Array): string {
  const { conversation, extendedTextMessage } = proto.Message.decode(message);
  return conversation || extendedTextMessage ? 'text' : 'media';
}
