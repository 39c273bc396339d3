/** A login that somebody tried. */
interface LoginAttempt {
  /** Unix ms. */
  at: number;
  phone: string;
  device: number;
  /** Why it was refused: the `reason` of `<failure>`, or `unanswered`. */
  refused?: string;
}

/** Attempts that are kept. */
const kept = 20_000;

/** Who tried to log in when, oldest first: what shows a storm of logins, and who never gets its turn. */
export class LoginLog {
  #attempts: LoginAttempt[] = [];

  note(phone: string, device: number, refused?: string): void {
    this.#attempts.push({ at: Date.now(), phone, device, ...(refused === undefined ? {} : { refused }) });
    if (this.#attempts.length > 2 * kept) this.#attempts = this.#attempts.slice(-kept);
  }

  since(time: number): LoginAttempt[] {
    return this.#attempts.filter(({ at }) => at >= time);
  }

  reset(): void {
    this.#attempts = [];
  }
}
