import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type Device, now } from '../device.ts';
import type { Network } from '../network.ts';
import { type BinaryNode, child, node } from '../wire/node.ts';

const { ResultType } = proto.MediaRetryNotification;

/** How a phone answers who asks it to upload a message's media again. */
export const mediaRetryModes = ['success', 'not-found', 'decryption-error', 'general-error', 'silent'] as const;

export type MediaRetryMode = (typeof mediaRetryModes)[number];

/** A request that a client made of its phone. */
export interface MediaRetryRequest {
  /** Id of the message. */
  id: string;
  /** `phone:device` */
  device: string;
  chat: string;
  /** Unix milliseconds. */
  at: number;
  result: MediaRetryMode;
}

/** What the phone has to know of a message to upload its media again. */
export interface RetriableMedia {
  mediaKey: Uint8Array;
  directPath: string;
}

const results: Record<Exclude<MediaRetryMode, 'silent'>, proto.MediaRetryNotification.ResultType> = {
  success: ResultType.SUCCESS,
  'not-found': ResultType.NOT_FOUND,
  'decryption-error': ResultType.DECRYPTION_ERROR,
  'general-error': ResultType.GENERAL_ERROR,
};

/** The phones of all accounts, asked for media that have expired. */
export class MediaRetries {
  readonly requests: MediaRetryRequest[] = [];
  readonly #network: Network;
  readonly #modes = new Map<string, MediaRetryMode>();
  readonly #known = new Map<string, RetriableMedia>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** How the phone of an account answers from now on. */
  answerWith(phone: string, mode: MediaRetryMode): void {
    this.#modes.set(phone, mode);
  }

  /** Lets phones know the media of a message that no contact has. */
  remember(id: string, media: RetriableMedia): void {
    this.#known.set(id, media);
  }

  /**
   * A client's `<receipt type='server-error'>`: the phone uploads the media of that message again and tells the new path,
   * encrypted with the message's media key.
   */
  async take(device: Device, receipt: BinaryNode): Promise<void> {
    const { id = '' } = receipt.attrs;
    const rmr = child(receipt, 'rmr');
    const chat = rmr?.attrs.jid ?? '';
    const wanted = this.#modes.get(device.account.phone) ?? 'success';
    const media = this.#mediaOf(device, chat, id);
    const renewed = media && wanted === 'success' ? await this.#network.media.renew(media.directPath) : undefined;
    const result = wanted === 'success' && !renewed ? 'not-found' : wanted;
    this.requests.push({ id, device: device.name, chat, at: Date.now(), result });
    if (result === 'silent') return;
    const code = results[result];
    const answer = media
      ? encrypted({ stanzaId: id, directPath: renewed?.directPath, result: code }, media.mediaKey, id)
      : node('error', { code });
    const attributes = { from: device.account.jid('pn'), type: 'mediaretry', id, t: now() };
    device.deliver(node('notification', attributes, [answer, ...(rmr ? [rmr] : [])]));
  }

  reset(): void {
    this.requests.length = 0;
    this.#modes.clear();
    this.#known.clear();
  }

  /** Contacts keep what they sent and were sent, so the phone on the other side of the chat knows the key. */
  #mediaOf(device: Device, chat: string, id: string): RetriableMedia | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    const group = this.#network.groups.find(chat);
    const others = group ? group.members : [this.#network.resolve(chat)?.account];
    for (const other of others) {
      const media = other?.contact?.inbox.find(group ? group.jid : device.account.phone, id)?.content.media;
      if (media) return { mediaKey: media.mediaKey, directPath: media.path };
    }
    return undefined;
  }
}

/** The phone's answer, which only who knows the media key can read. */
function encrypted(answer: proto.IMediaRetryNotification, mediaKey: Uint8Array, id: string): BinaryNode {
  const key = Buffer.from(hkdfSync('sha256', mediaKey, '', 'WhatsApp Media Retry Notification', 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const plaintext = proto.MediaRetryNotification.encode(answer).finish();
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return node('encrypt', {}, [node('enc_p', {}, ciphertext), node('enc_iv', {}, iv)]);
}
