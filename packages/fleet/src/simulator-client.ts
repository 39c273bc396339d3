import { call } from './http.ts';
import { SimulatorCalls } from './simulator-calls.ts';
import { SimulatorContacts } from './simulator-contacts.ts';
import { SimulatorGroups } from './simulator-groups.ts';
import { SimulatorMedia } from './simulator-media.ts';
import type { Inbox } from './simulator-messages.ts';
import { SimulatorNewsletters } from './simulator-newsletters.ts';
import { SimulatorPhones } from './simulator-phones.ts';

/** A device that a simulated phone has linked. */
export interface LinkedPhone {
  jid: string;
  lid: string;
  /** Digits only. */
  phone: string;
  device: number;
}

/** Devices that were linked without a client, with the auth folders that clients need to be them: name to content. */
export interface StoredDevices {
  /** Files of all of them. */
  shared: Record<string, string>;
  devices: (LinkedPhone & { files: Record<string, string> })[];
}

/** What a simulated person does by itself. */
export interface ContactSettings {
  name?: string;
  /** Answers each text with `echo: <text>`, or with this text in which `{text}` is replaced. */
  echo?: boolean | string;
  /** Sends read receipts. */
  autoRead?: boolean;
  /** Sends delivery receipts; default true. */
  autoReceipt?: boolean;
  /** How it addresses what it sends. */
  addressing?: 'pn' | 'lid';
  /** Is on WhatsApp; default true. */
  exists?: boolean;
}

/** A simulated person. */
export interface Contact extends Required<ContactSettings> {
  phone: string;
  lid: string;
  undecryptable: number;
  retriesSent: number;
  retriesReceived: number;
}

/** What the simulator knows of one message. */
export interface LedgerMessage {
  id: string;
  account: string;
  direction: 'in' | 'out';
  from: string;
  to: string;
  order: number;
  at: number;
  acked: boolean;
  nack?: string;
  delivered: string[];
  receipts: Record<string, number>;
  resubmissions: number;
  resends: number;
}

export interface SimulatedAccount {
  phone: string;
  lid: string;
  name: string;
  contact: boolean;
  connected: boolean;
  queued: number;
  logins: number;
  devices: {
    device: number;
    jid: string;
    connected: boolean;
    state: string;
    available: boolean;
    queued: number;
    preKeys: number;
    logins: number;
    pushName?: string;
  }[];
}

/** When a linked device was logged in, in Unix ms; without an end it still is. */
export interface ConnectionTime {
  phone: string;
  device: number;
  from: number;
  to?: number;
}

/** What the simulator counted since its start. */
export interface SimulatorCounters {
  links: number;
  logins: number;
  loginsFailed: Record<string, number>;
  conflicts: number;
  overlaps: number;
  overlapFrames: number;
  streamErrorsSent: Record<string, number>;
  unknownStanzas: Record<string, number>;
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
  sockets: number;
  connected: number;
  queued: number;
  queues: Record<string, number>;
}

/** A login that somebody tried. */
interface LoginAttempt {
  /** Unix ms. */
  at: number;
  phone: string;
  device: number;
  /** The reason it was given, or `unanswered`. */
  refused?: string;
}

/** Whom a fault concerns; nobody named means everybody. */
interface Whom {
  phone?: string;
}

/** What each fault takes. */
export interface Faults {
  /** Cuts connections without a word. */
  drop: Whom;
  /** Neither reads nor answers for a while; the connections stay. */
  freeze: Whom & { ms: number };
  /** Sends everything later; 0 ends it. */
  delay: Whom & { ms: number };
  /** Ends connections with a code. */
  'stream-error': Whom & { code: number | 'conflict' };
  /** Refuses the next `count` logins, or all for `ms`. */
  'reject-logins': Whom & { reason: number; count?: number; ms?: number; expire?: number };
  /** Gives the next `count` logins, or all for `ms`, no answer. */
  'ignore-logins': Whom & { count?: number; ms?: number };
  /** Refuses logins of older web versions with 405. */
  'oldest-version': { version: string };
  /** Withholds the acks of the next messages of an account. */
  'drop-acks': { phone: string; count: number };
  /** Refuses the next messages of an account. */
  'refuse-messages': { phone: string; code: string; count: number };
  /** Ends all faults. */
  clear: Record<string, never>;
}

/** The simulator's admin API as tests and the tour speak it. */
export class SimulatorClient {
  readonly url: string;
  readonly contacts = new SimulatorContacts(this);
  readonly groups = new SimulatorGroups(this);
  readonly media = new SimulatorMedia(this);
  readonly phones = new SimulatorPhones(this);
  readonly calls = new SimulatorCalls(this);
  readonly newsletters = new SimulatorNewsletters(this);

  constructor(url: string) {
    this.url = url;
  }

  /** Any admin request that has to succeed. */
  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(this.url, method, `/admin${path}`, { body });
  }

  /** Where clients connect. */
  get whatsappUrl(): string {
    return `${this.url.replace(/^http/, 'ws')}/ws/chat`;
  }

  /** The hex key by which clients trust this server. */
  async rootKey(): Promise<string> {
    return (await this.call<{ rootKey: string }>('GET', '/root-key')).rootKey;
  }

  /** The certificate (PEM) of the authority behind its HTTPS. */
  authority(): Promise<string> {
    return this.call('GET', '/ca.pem');
  }

  /** A phone scans a QR code; without a number it is a new one. */
  scanQr(qr: string, { phone, name }: { phone?: string; name?: string } = {}): Promise<LinkedPhone> {
    return this.call('POST', '/mock-phone/scan-qr', { qr, phone, name });
  }

  /** The owner of a phone types a pairing code. */
  enterCode(phone: string, code: string): Promise<LinkedPhone> {
    return this.call('POST', '/mock-phone/enter-code', { phone, code });
  }

  /**
   * Links devices at once, without the work of a pairing, each to a new number. Up to 1,000.
   * @param preKeys one-time keys of each; default as many as Baileys makes
   */
  storeDevices(count: number, { preKeys }: { preKeys?: number } = {}): Promise<StoredDevices> {
    return this.call('POST', '/stored-devices', { count, preKeys });
  }

  account(phone: string): Promise<SimulatedAccount> {
    return this.call('GET', `/accounts/${phone}`);
  }

  /** The owner of a phone removes one linked device, or all. */
  async unlink(phone: string, device?: number): Promise<number[]> {
    return (await this.call<{ unlinked: number[] }>('POST', `/accounts/${phone}/unlink`, { device })).unlinked;
  }

  /** A new person, or new settings for the one with that number. */
  createContact(settings: ContactSettings & { phone?: string } = {}): Promise<Contact> {
    return this.call('POST', '/contacts', settings);
  }

  /** A contact writes to a linked account, or to the group of that JID. Gives the message's id. */
  async contactSend(phone: string, to: string, text: string): Promise<string> {
    return (await this.call<{ id: string }>('POST', `/contacts/${phone}/send`, { to, text })).id;
  }

  /** A contact writes several texts, in order. */
  async contactSendAll(phone: string, to: string, texts: string[]): Promise<string[]> {
    return (await this.call<{ ids: string[] }>('POST', `/contacts/${phone}/send`, { to, texts })).ids;
  }

  /**
   * A contact writes several texts, one each so many ms. Answers when the last one has left.
   * @returns when each left WhatsApp's server (Unix ms), by its id
   */
  async contactSendPaced(phone: string, to: string, texts: string[], everyMs: number): Promise<Map<string, number>> {
    const answer = await this.call<{ ids: string[]; leftAt: number[] }>('POST', `/contacts/${phone}/send`, {
      to,
      texts,
      everyMs,
    });
    return new Map(answer.ids.map((id, n) => [id, answer.leftAt[n] ?? 0]));
  }

  /** A contact has read these messages. */
  contactRead(phone: string, to: string, ids: string[]): Promise<unknown> {
    return this.call('POST', `/contacts/${phone}/read`, { to, ids });
  }

  /** What a contact was shown, in order. @param after only what was shown behind this place */
  inbox(phone: string, after = 0): Promise<Inbox> {
    return this.call('GET', `/contacts/${phone}/inbox?after=${after}`);
  }

  /** When linked devices were logged in. @param since Unix ms: only what had not ended by then */
  connections(since = 0): Promise<ConnectionTime[]> {
    return this.call('GET', `/connections?since=${since}`);
  }

  /** What is known of a message id: two records if both sides are linked accounts. */
  message(id: string): Promise<LedgerMessage[]> {
    return this.call('GET', `/messages/${id}`);
  }

  messages({ account, direction }: { account?: string; direction?: 'in' | 'out' } = {}): Promise<LedgerMessage[]> {
    const query = new URLSearchParams();
    if (account) query.set('account', account);
    if (direction) query.set('direction', direction);
    return this.call('GET', `/messages?${query}`);
  }

  /** Who tried to log in since then (Unix ms), oldest first. */
  logins(since = 0): Promise<LoginAttempt[]> {
    return this.call('GET', `/logins?since=${since}`);
  }

  counters(): Promise<SimulatorCounters> {
    return this.call('GET', '/counters');
  }

  /** Makes something go wrong. Gives how many connections it hit, where that is known. */
  async fault<F extends keyof Faults>(fault: F, settings: Faults[F]): Promise<number | undefined> {
    return (await this.call<{ affected?: number }>('POST', `/faults/${fault}`, settings)).affected;
  }
}
