import { createHash, randomInt } from 'node:crypto';
import { Account } from './account.ts';
import { Calls } from './calls.ts';
import { Counters } from './counters.ts';
import type { Device } from './device.ts';
import { announceDevice } from './device-list.ts';
import { Faults } from './faults.ts';
import { GroupDirectory } from './groups/directory.ts';
import { parseJid } from './jid.ts';
import { Ledger } from './ledger.ts';
import { Linking } from './linking/linking.ts';
import type { Log } from './log.ts';
import { LoginLog } from './login-log.ts';
import { Pictures } from './media/pictures.ts';
import { MediaRetries } from './media/retry.ts';
import { MediaStore } from './media/store.ts';
import { Newsletters } from './newsletters.ts';
import { Histories } from './people/history.ts';
import { createNoiseIdentity } from './wire/certificates.ts';
import type { ClientStream } from './wire/stream.ts';

/** Who a JID names. */
export interface Addressee {
  account: Account;
  /** Number of the device; 0 is the phone. */
  device: number;
}

/** Everything the simulated service knows. In memory; a reset forgets all but its keys. */
export class Network {
  readonly noise = createNoiseIdentity();
  readonly counters = new Counters();
  readonly ledger = new Ledger();
  readonly faults = new Faults();
  readonly logins = new LoginLog();
  readonly groups = new GroupDirectory();
  readonly media = new MediaStore();
  readonly pictures = new Pictures(this);
  readonly mediaRetries = new MediaRetries(this);
  readonly calls = new Calls();
  readonly newsletters = new Newsletters();
  readonly histories = new Histories(this);
  readonly linking: Linking;
  readonly log: Log;
  /** All connections, logged in or not. */
  readonly streams = new Set<ClientStream>();
  readonly #byPhone = new Map<string, Account>();
  readonly #byLid = new Map<string, Account>();

  constructor(log: Log) {
    this.log = log;
    this.linking = new Linking(this);
  }

  get accounts(): Iterable<Account> {
    return this.#byPhone.values();
  }

  /** The account of a phone number (digits), if there is one. */
  account(phone: string): Account | undefined {
    return this.#byPhone.get(phone);
  }

  /** The account of a phone number, created if it is new. Without a number, a new one. */
  ensureAccount(phone?: string, { name, lid }: { name?: string | undefined; lid?: string | undefined } = {}): Account {
    const digits = phone ?? this.#freshPhone();
    const known = this.#byPhone.get(digits);
    if (known) {
      if (name) known.name = name;
      return known;
    }
    const account = new Account(digits, lid ?? lidFor(digits), name ?? digits);
    this.#byPhone.set(digits, account);
    this.#byLid.set(account.lid, account);
    return account;
  }

  /** Who a JID names, by phone number or by LID. Undefined for numbers that are not on WhatsApp. */
  resolve(jid: string | undefined): Addressee | undefined {
    const parsed = parseJid(jid);
    if (!parsed) return undefined;
    const account = (parsed.server === 'lid' ? this.#byLid : this.#byPhone).get(parsed.user);
    return account?.exists ? { account, device: parsed.device } : undefined;
  }

  /** Who is told of changes of an account: itself, who asked for its devices, and who has talked with it. */
  acquaintances(account: Account): Account[] {
    const known = new Set([account, ...account.deviceWatchers]);
    for (const message of this.ledger.list({})) {
      const parties = [message.account, message.from.split(':')[0] ?? '', message.to];
      if (!parties.includes(account.phone)) continue;
      for (const phone of parties) {
        const party = this.#byPhone.get(phone);
        if (party) known.add(party);
      }
    }
    return [...known];
  }

  /** Connections that are logged in, of one phone or of all. */
  connected(phone?: string): ClientStream[] {
    return [...this.streams].filter((stream) => stream.device && (!phone || stream.device.account.phone === phone));
  }

  /** The phone unlinks a device: it is told and its credentials are worth nothing from now on. */
  unlink(device: Device): void {
    const { account } = device;
    account.devices.delete(device.id);
    account.formerLogins += device.logins;
    device.queue.clear();
    for (const other of this.#byPhone.values()) other.presenceWatchers.delete(device);
    announceDevice(device, 'remove');
    device.stream?.endWith('401', 'device_removed');
  }

  /** Forgets accounts, messages and counters, and cuts all connections. The keys stay. */
  reset(): void {
    for (const stream of [...this.streams]) stream.cut();
    this.#byPhone.clear();
    this.#byLid.clear();
    this.counters.reset();
    this.ledger.reset();
    this.groups.reset();
    this.faults.clear();
    this.logins.reset();
    this.linking.reset();
    this.pictures.reset();
    this.mediaRetries.reset();
    this.calls.reset();
    this.newsletters.reset();
    this.histories.reset();
    this.media.reset().catch((error: unknown) => this.log.error({ err: error }, 'media.reset.failed'));
  }

  #freshPhone(): string {
    for (;;) {
      const phone = `55119${randomInt(60_000_000, 99_999_999)}`;
      if (!this.#byPhone.has(phone)) return phone;
    }
  }
}

/** The same number keeps its LID for as long as there are simulators: 15 digits that are no phone number. */
function lidFor(phone: string): string {
  const digest = createHash('sha256').update(phone).digest();
  return `1${(digest.readUIntBE(0, 6) % 10 ** 14).toString().padStart(14, '0')}`;
}
