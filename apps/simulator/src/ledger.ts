/** Ground truth about one message between an account's companions and somebody else. */
export interface LedgerMessage {
  id: string;
  /** Phone of the linked account. */
  account: string;
  /** `out`: sent by the account's companion; `in`: sent to it by a contact. */
  direction: 'out' | 'in';
  from: string;
  to: string;
  /** Counts the account's messages of this direction, from 1. */
  order: number;
  /** Unix milliseconds. */
  at: number;
  /** The server's ack left for the client. */
  acked: boolean;
  /** Code of the negative ack, if that is what it was answered with. */
  nack?: string;
  /** Devices and contacts that have it for certain: `phone` or `phone:device`. */
  delivered: string[];
  /** Receipts by type (`delivery`, `read`, `retry`, …). */
  receipts: Record<string, number>;
  /** How often the same message was submitted again, without anybody having asked for it. */
  resubmissions: number;
  /** How often it was sent again because somebody had asked for it. */
  resends: number;
}

/** What a query for messages may select by. */
export interface LedgerFilter {
  account?: string | undefined;
  direction?: 'out' | 'in' | undefined;
}

/** Remembers every message until a reset. */
export class Ledger {
  readonly #messages = new Map<string, LedgerMessage>();
  readonly #orders = new Map<string, number>();

  /** A new message. For one that is known (same account, direction, id), the record that exists. */
  record(message: Pick<LedgerMessage, 'id' | 'account' | 'direction' | 'from' | 'to'>): LedgerMessage {
    const key = keyOf(message.account, message.direction, message.id);
    const known = this.#messages.get(key);
    if (known) return known;
    const lane = `${message.direction}|${message.account}`;
    const order = (this.#orders.get(lane) ?? 0) + 1;
    this.#orders.set(lane, order);
    const record: LedgerMessage = {
      ...message,
      order,
      at: Date.now(),
      acked: false,
      delivered: [],
      receipts: {},
      resubmissions: 0,
      resends: 0,
    };
    this.#messages.set(key, record);
    return record;
  }

  find(account: string, direction: 'out' | 'in', id: string): LedgerMessage | undefined {
    return this.#messages.get(keyOf(account, direction, id));
  }

  /** All records of an id: the same message may be `out` for one account and `in` for another. */
  byId(id: string): LedgerMessage[] {
    return [...this.#messages.values()].filter((message) => message.id === id);
  }

  list({ account, direction }: LedgerFilter): LedgerMessage[] {
    return [...this.#messages.values()].filter(
      (message) => (!account || message.account === account) && (!direction || message.direction === direction),
    );
  }

  reset(): void {
    this.#messages.clear();
    this.#orders.clear();
  }
}

/** Notes that a device (`phone` or `phone:device`) has a message; once each. */
export function markDelivered(message: LedgerMessage | undefined, device: string): void {
  if (message && !message.delivered.includes(device)) message.delivered.push(device);
}

/** Counts a receipt of that type. */
export function countReceipt(message: LedgerMessage | undefined, type: string): void {
  if (message) message.receipts[type] = (message.receipts[type] ?? 0) + 1;
}

function keyOf(account: string, direction: string, id: string): string {
  return `${direction}|${account}|${id}`;
}
