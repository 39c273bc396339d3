import { randomBytes } from 'node:crypto';
import { AppState } from './app-state.ts';
import type { BusinessProfile } from './business.ts';
import { Device, type Registration } from './device.ts';
import { type Addressing, lidJid, pnJid } from './jid.ts';
import type { Contact } from './people/contact.ts';
import type { OwnPhone } from './people/own-phone.ts';
import { PhoneState } from './people/phone-state.ts';
import type { Person } from './people/shown-message.ts';
import { Restrictions } from './restrictions.ts';
import { type Peer, SignalParty } from './signal/party.ts';
import type { ClientStream } from './wire/stream.ts';

/** A WhatsApp number: its phone, its linked devices, and the person behind it if it is a simulated contact. */
export class Account {
  readonly phone: string;
  readonly lid: string;
  name: string;
  /** Whether the number is on WhatsApp at all. */
  exists = true;
  /** The simulated person who uses the phone, if there is one. */
  contact: Contact | undefined;
  /** The phone of a linked account, once its owner uses it. */
  ownPhone: OwnPhone | undefined;
  status = 'Hey there! I am using WhatsApp.';
  statusSetAt = 0;
  /** How long messages of new chats stay, in seconds, and since when (Unix seconds). */
  disappearing = { duration: 0, setAt: 0 };
  readonly devices = new Map<number, Device>();
  readonly restrictions = new Restrictions(this);
  readonly appState = new AppState();
  readonly appStateKey = { id: randomBytes(6), data: randomBytes(32) };
  readonly privacy = new Map<string, string>([
    ['readreceipts', 'all'],
    ['profile', 'all'],
    ['status', 'all'],
    ['online', 'all'],
    ['last', 'all'],
    ['groupadd', 'all'],
    ['calladd', 'all'],
    ['messages', 'all'],
  ]);
  readonly blocklist = new Set<string>();
  /** Privacy tokens that others gave this account, by their phone. */
  readonly trustedBy = new Map<string, Buffer>();
  /** What it tells as a business, if it is one. */
  business: BusinessProfile | undefined;
  /** Unix seconds of when it was last online. */
  lastSeenAt = Math.floor(Date.now() / 1000);
  /** Devices that asked to be told about this account's presence, on which connection and by which kind of JID. */
  readonly presenceWatchers = new Map<Device, { stream: ClientStream; addressing: Addressing }>();
  /** Accounts that have asked for the list of this one's devices. */
  readonly deviceWatchers = new Set<Account>();
  /** Logins of devices that have been unlinked since. */
  formerLogins = 0;
  #party: SignalParty | undefined;
  #phoneState: PhoneState | undefined;
  #lastDevice = 0;

  constructor(phone: string, lid: string, name: string) {
    this.phone = phone;
    this.lid = lid;
    this.name = name;
  }

  /** The Signal keys and sessions of the phone, made when first needed. */
  get party(): SignalParty {
    this.#party ??= new SignalParty(this.lid);
    return this.#party;
  }

  /** What the phone reads and writes of the app state, from when it is first needed. */
  get phoneState(): PhoneState {
    this.#phoneState ??= new PhoneState(this.appState, this.appStateKey);
    return this.#phoneState;
  }

  /** The number the next device will get; devices are numbered from 1 and numbers are not used again. */
  nextDevice(): number {
    this.#lastDevice += 1;
    return this.#lastDevice;
  }

  /** The account's owner takes another push name: its devices use it for what they send from now on. */
  rename(name: string): void {
    if (name === this.name) return;
    this.name = name;
    for (const device of this.devices.values()) device.pushName = name;
  }

  addDevice(id: number, registration: Registration, signedIdentity: Buffer): Device {
    const device = new Device(this, id, registration, signedIdentity);
    this.devices.set(id, device);
    return device;
  }

  /** Whether what the other account sends is kept from this one. */
  blocks(other: Account): boolean {
    return this.blocklist.has(other.jid('lid')) || this.blocklist.has(other.jid('pn'));
  }

  /** The account's JID, of the phone or of a companion. */
  jid(addressing: Addressing, device = 0): string {
    return addressing === 'lid' ? lidJid(this.lid, device) : pnJid(this.phone, device);
  }

  /** The account's JID in the other form, without device. */
  alternate(addressing: Addressing): string {
    return this.jid(addressing === 'lid' ? 'pn' : 'lid');
  }

  /** Who this is in a chat, by both of its JIDs. */
  get person(): Person {
    return { phone: this.phone, jids: [this.jid('pn'), this.jid('lid')] };
  }

  /** How Signal sessions name one of the account's devices. */
  peer(device: number): Peer {
    return { lid: this.lid, device };
  }
}
