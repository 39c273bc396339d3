import { parseJid } from './jid.ts';
import { type BinaryNode, serverJid } from './wire/node.ts';

/** What tells receipts for one message apart. */
interface ReceiptDetails {
  type?: string | undefined;
  participant?: string | undefined;
}

/** A stanza that a device has not confirmed yet. */
export interface Waiting {
  stanza: BinaryNode;
  /** Peer messages of the own phone: replayed after `<offline>`, where the client looks for its history. */
  afterOffline: boolean;
  sent: boolean;
}

/**
 * Everything a device was sent, in order, until it confirms it. What is left is replayed at its next login: delivery is
 * at least once.
 */
export class OfflineQueue {
  readonly #waiting = new Map<string, Waiting>();
  /** Messages whose retry was asked for: the negative ack that follows is about the first delivery, not the resend. */
  readonly #retried = new Set<string>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Adds a stanza behind all others; one with the same tag, id and sender is replaced. */
  add(stanza: BinaryNode): Waiting {
    const key = keyOf(stanza.tag, stanza.attrs.id ?? '', stanza.attrs.from ?? '', stanza.attrs);
    const waiting = { stanza, afterOffline: stanza.attrs.category === 'peer', sent: false };
    this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
    return waiting;
  }

  /** All stanzas in order. */
  entries(): Waiting[] {
    return [...this.#waiting.values()];
  }

  /** Removes a message that was confirmed by a receipt. Returns its stanza if it was waiting. */
  confirmMessage(id: string, from: string): BinaryNode | undefined {
    return this.#remove(keyOf('message', id, from));
  }

  /** The client could not read a message and asks for it again. */
  retryAsked(id: string, from: string): BinaryNode | undefined {
    const removed = this.#remove(keyOf('message', id, from));
    if (removed) this.#retried.add(keyOf('message', id, from));
    return removed;
  }

  /** Removes a stanza that was acknowledged by `<ack class>`, with an `error` or without. */
  acknowledge(
    stanzaClass: string,
    id: string,
    from: string,
    details: ReceiptDetails & { error?: string | undefined } = {},
  ): BinaryNode | undefined {
    const key = keyOf(stanzaClass, id, from, details);
    if (details.error && this.#retried.delete(key)) return undefined;
    return this.#remove(key);
  }

  clear(): void {
    this.#waiting.clear();
    this.#retried.clear();
  }

  #remove(key: string): BinaryNode | undefined {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting?.stanza;
  }
}

/**
 * Clients echo `from` with or without the device. Several receipts for one id differ in their type, and in groups in the
 * member they come from.
 */
function keyOf(tag: string, id: string, from: string, { type, participant }: ReceiptDetails = {}): string {
  const user = from === serverJid ? serverJid : (parseJid(from)?.user ?? from);
  if (tag !== 'receipt') return `${tag}|${id}|${user}`;
  return `${tag}|${id}|${user}|${type ?? ''}|${participant ?? ''}`;
}
