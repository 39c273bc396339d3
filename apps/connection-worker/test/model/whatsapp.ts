/** One login of an instance. */
export interface Login {
  /** Who has logged in. */
  of: string;
  alive: boolean;
  /** Called when a message has come in. */
  onInbound?(): void;
  /** Called when another login has replaced this one, or the connection was cut. */
  onClose(code: number): void;
}

interface Number {
  /** The latest login: the only one whose frames count. */
  login: Login | undefined;
  /** Ids as the recipient's phone shows them, each once. */
  shown: string[];
  /** How often each id was sent. */
  sent: Map<string, number>;
  /** Incoming messages that no receipt has come for, oldest first: each login gets them again. */
  inbound: string[];
  received: string[];
}

/** What the model knows of WhatsApp: one login for each number, a phone that shows each id once, an offline queue. */
export class WhatsApp {
  readonly #numbers = new Map<string, Number>();

  of(instance: string): Number {
    const known = this.#numbers.get(instance);
    if (known) return known;
    const number: Number = { login: undefined, shown: [], sent: new Map(), inbound: [], received: [] };
    this.#numbers.set(instance, number);
    return number;
  }

  login(instance: string, of: string, onClose: (code: number) => void): Login {
    const number = this.of(instance);
    this.close(instance, 440);
    const login: Login = { of, alive: true, onClose };
    number.login = login;
    return login;
  }

  /** A client hangs up. */
  leave(instance: string, login: Login): void {
    login.alive = false;
    const number = this.of(instance);
    if (number.login === login) number.login = undefined;
  }

  /** Somebody writes to this number. */
  deliver(instance: string, id: string): void {
    const number = this.of(instance);
    number.inbound.push(id);
    number.login?.onInbound?.();
  }

  close(instance: string, code: number): void {
    const number = this.of(instance);
    const before = number.login;
    number.login = undefined;
    if (!before) return;
    before.alive = false;
    before.onClose(code);
  }

  /** A stanza arrives; whoever was replaced talks to nobody. */
  send(instance: string, login: Login, id: string): void {
    const number = this.of(instance);
    if (number.login !== login) return;
    number.sent.set(id, (number.sent.get(id) ?? 0) + 1);
    if (!number.shown.includes(id)) number.shown.push(id);
  }

  /** A receipt arrives for the oldest incoming message. */
  receipt(instance: string, login: Login, id: string): void {
    const number = this.of(instance);
    if (number.login !== login || number.inbound[0] !== id) return;
    number.inbound.shift();
    number.received.push(id);
  }
}
