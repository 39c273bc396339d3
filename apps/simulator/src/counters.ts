/** Numbers since the start or the last reset, for tests to assert on. Texts are keys such as a reason or a code. */
export interface CounterValues {
  links: number;
  logins: number;
  loginsFailed: Record<string, number>;
  /** Logins that pushed an older connection of the same device out. */
  conflicts: number;
  /** Pairs of connections of one device that both sent frames after the second one's login. */
  overlaps: number;
  /** Frames that replaced connections sent after the login that replaced them. */
  overlapFrames: number;
  streamErrorsSent: Record<string, number>;
  unknownStanzas: Record<string, number>;
  /** Negative acks by code, by who sent them. */
  nacksFromClients: Record<string, number>;
  nacksToClients: Record<string, number>;
  messagesAccepted: number;
  resubmissions: number;
  messagesToClients: number;
  retryReceiptsFromClients: number;
  retryReceiptsToClients: number;
  undecryptable: number;
  secondDecryptions: number;
  malformedFrames: number;
}

type Plain = { [Name in keyof CounterValues as CounterValues[Name] extends number ? Name : never]: number };
type Keyed = Exclude<keyof CounterValues, keyof Plain>;

/** The counters. */
export class Counters {
  #values = zero();

  get values(): Readonly<CounterValues> {
    return this.#values;
  }

  add(name: keyof Plain, by = 1): void {
    this.#values[name] += by;
  }

  addTo(name: Keyed, key: string): void {
    this.#values[name][key] = (this.#values[name][key] ?? 0) + 1;
  }

  reset(): void {
    this.#values = zero();
  }
}

function zero(): CounterValues {
  return {
    links: 0,
    logins: 0,
    loginsFailed: {},
    conflicts: 0,
    overlaps: 0,
    overlapFrames: 0,
    streamErrorsSent: {},
    unknownStanzas: {},
    nacksFromClients: {},
    nacksToClients: {},
    messagesAccepted: 0,
    resubmissions: 0,
    messagesToClients: 0,
    retryReceiptsFromClients: 0,
    retryReceiptsToClients: 0,
    undecryptable: 0,
    secondDecryptions: 0,
    malformedFrames: 0,
  };
}
