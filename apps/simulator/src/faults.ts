/** Which logins a fault concerns: the next `count`, or all for `ms`; of one phone or of everybody. */
interface LoginFault {
  phone?: string | undefined;
  count?: number | undefined;
  ms?: number | undefined;
}

/** Why a login is refused, and for how many seconds more if that is said. */
export interface Refusal {
  reason: string;
  expire?: number | undefined;
}

/** A fault that holds for some logins. */
interface Rejection {
  /** undefined: they get no answer at all. */
  refusal: Refusal | undefined;
  phone: string | undefined;
  left: number;
  /** On the monotonic clock. */
  until: number;
}

const everybody = '*';

/** Faults that concern what the server will do, as opposed to what it does to an open connection. */
export class Faults {
  #rejections: Rejection[] = [];
  readonly #delays = new Map<string, number>();
  readonly #withheldAcks = new Map<string, number>();
  readonly #nacks = new Map<string, { code: string; left: number }>();

  /** Logins of an older web version than this (three numbers) are refused with 405. */
  oldestVersion: readonly number[] = [];

  /** Refuses logins with a failure `reason`. */
  rejectLogins(reason: string, { expire, ...which }: LoginFault & { expire?: number | undefined }): void {
    this.#reject({ reason, expire }, which);
  }

  /** Leaves logins without an answer. */
  ignoreLogins(which: LoginFault): void {
    this.#reject(undefined, which);
  }

  #reject(refusal: Refusal | undefined, { phone, count, ms }: LoginFault): void {
    this.#rejections.push({
      refusal,
      phone,
      left: count ?? Number.POSITIVE_INFINITY,
      until: ms === undefined ? Number.POSITIVE_INFINITY : performance.now() + ms,
    });
  }

  /** Withholds the acks of the next `count` messages of a phone; the messages are delivered all the same. */
  dropAcks(phone: string, count: number): void {
    this.#withheldAcks.set(phone, count);
  }

  /** Refuses the next `count` messages of a phone with an error code; they are not delivered. */
  refuseMessages(phone: string, code: string, count: number): void {
    this.#nacks.set(phone, { code, left: count });
  }

  /** Sends everything to a phone, or to everybody, `ms` later, on connections to come as well; 0 ends it. */
  delay(phone: string | undefined, ms: number): void {
    if (!phone) this.#delays.clear();
    this.#delays.set(phone ?? everybody, ms);
  }

  /** How much later everything is sent to this phone, in milliseconds. */
  delayOf(phone: string): number {
    return this.#delays.get(phone) ?? this.#delays.get(everybody) ?? 0;
  }

  /** What becomes of this login, if a fault concerns it. Counts it. */
  takeRejection(phone: string): Refusal | 'ignore' | undefined {
    const now = performance.now();
    this.#rejections = this.#rejections.filter(({ left, until }) => left > 0 && until > now);
    const rejection = this.#rejections.find((each) => !each.phone || each.phone === phone);
    if (!rejection) return undefined;
    rejection.left -= 1;
    return rejection.refusal ?? 'ignore';
  }

  /** Whether this message's ack is to be withheld. Counts it. */
  takeDroppedAck(phone: string): boolean {
    const left = this.#withheldAcks.get(phone) ?? 0;
    if (left > 0) this.#withheldAcks.set(phone, left - 1);
    return left > 0;
  }

  /** The code to refuse this message with, if there is one. Counts it. */
  takeNack(phone: string): string | undefined {
    const nack = this.#nacks.get(phone);
    if (!nack || nack.left <= 0) return undefined;
    nack.left -= 1;
    return nack.code;
  }

  clear(): void {
    this.#rejections = [];
    this.oldestVersion = [];
    this.#delays.clear();
    this.#withheldAcks.clear();
    this.#nacks.clear();
  }
}
