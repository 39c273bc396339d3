import type { SimulatorClient } from './simulator-client.ts';

/** Something that an account's owner changes with the phone. Chats are JIDs. */
export type PhoneChange =
  | { kind: 'archive' | 'pin' | 'read'; chat: string; value: boolean }
  /** Until Unix ms; -1 for ever, null no longer. */
  | { kind: 'mute'; chat: string; until: number | null }
  | { kind: 'clear-chat' | 'delete-chat'; chat: string }
  | { kind: 'star'; chat: string; id: string; fromMe: boolean; value: boolean }
  | { kind: 'delete-message'; chat: string; id: string; fromMe: boolean }
  | { kind: 'contact'; chat: string; name: string | null; lid?: string }
  | { kind: 'label'; label: string; name: string; color: number; deleted: boolean }
  | { kind: 'chat-label'; label: string; chat: string; value: boolean }
  | { kind: 'message-label'; label: string; chat: string; id: string; value: boolean }
  | { kind: 'push-name'; name: string }
  | { kind: 'unarchive-chats'; value: boolean };

/** What the phone of an account reads in its app state. */
export interface PhoneAppState {
  /** Versions. */
  collections: Record<string, number>;
  pushName?: string;
  chats: {
    chat: string;
    archived: boolean;
    pinned: boolean;
    /** Unix ms; null if it is not muted. */
    mutedUntil: number | null;
    markedUnread: boolean;
    cleared: boolean;
    deleted: boolean;
    labels: string[];
  }[];
  messages: {
    chat: string;
    id: string;
    fromMe: boolean;
    starred: boolean;
    deletedForMe: boolean;
    labels: string[];
  }[];
  contacts: { jid: string; name: string; lid?: string }[];
  labels: { id: string; name: string; color: number }[];
  quickReplies: { shortcut: string; message: string }[];
  settings: Record<string, unknown>;
  /** Patches whose MACs do not fit. */
  problems: string[];
}

export interface BusinessProfile {
  description?: string;
  address?: string;
  email?: string;
  website?: string;
  category?: string;
  timezone?: string;
  hours?: { day: string; mode: string; open?: string; close?: string }[];
}

export interface SimulatedProfile {
  phone: string;
  name: string;
  status: string;
  picture?: { id: string; url: string; directPath: string };
  privacy: Record<string, string>;
  /** JIDs. */
  blocked: string[];
  /** Seconds. */
  disappearing: number;
  business?: BusinessProfile;
  /** Phones that gave it a privacy token. */
  trustedBy: string[];
}

export interface ProfileChange {
  status?: string;
  privacy?: Record<string, string>;
  disappearing?: number;
  /** Phones. */
  block?: string[];
  unblock?: string[];
  business?: BusinessProfile | null;
}

/** How much past an account has. */
export interface HistorySize {
  chats: number;
  /** In all chats together. */
  messages: number;
  /** Messages in one notification; default 500. */
  chunk?: number;
  /** Messages of each chat that only come on demand; default 50. */
  older?: number;
  /** The older half comes as full history. Default false. */
  full?: boolean;
  /** Chats whose newest message is a picture. Default 0. */
  pictures?: number;
}

/** A client's wish for older messages of a chat. */
export interface OlderMessagesRequest {
  device: string;
  chat: string;
  wanted: number;
  sent: number;
  at: number;
}

export interface NewChatCap {
  total: number;
  used: number;
  /** Unix seconds. */
  cycleStart: number;
  cycleEnd: number;
  status: 'NONE' | 'FIRST_WARNING' | 'SECOND_WARNING' | 'CAPPED';
}

/** What owners of accounts, contacts too, do with their phones, and what the service lets them do. */
export class SimulatorPhones {
  readonly #client: SimulatorClient;

  constructor(client: SimulatorClient) {
    this.#client = client;
  }

  appState(phone: string): Promise<PhoneAppState> {
    return this.#client.call('GET', `/accounts/${phone}/app-state`);
  }

  /** Changes something with the phone; its linked devices are told. */
  change(phone: string, change: PhoneChange): Promise<{ collection: string; version: number }> {
    return this.#client.call('POST', `/accounts/${phone}/app-state`, change);
  }

  /** Refuses the next uploads of app state with 409. */
  async refuseAppState(phone: string, count: number): Promise<void> {
    await this.#client.call('POST', '/faults/app-state-conflict', { phone, count });
  }

  profile(phone: string): Promise<SimulatedProfile> {
    return this.#client.call('GET', `/accounts/${phone}/profile`);
  }

  changeProfile(phone: string, change: ProfileChange): Promise<SimulatedProfile> {
    return this.#client.call('PATCH', `/accounts/${phone}/profile`, change);
  }

  /** Sets the profile picture of an account, or of a group that the account is in. */
  async setPicture(phone: string, jpeg: Uint8Array<ArrayBuffer>, { group }: { group?: string } = {}): Promise<void> {
    const path = group ? `/groups/${group}/picture?by=${phone}` : `/accounts/${phone}/picture`;
    const answer = await fetch(`${this.#client.url}/admin${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'image/jpeg' },
      body: jpeg,
    });
    if (!answer.ok) throw new Error(`PUT ${path} was answered with ${answer.status}: ${await answer.text()}`);
  }

  async removePicture(phone: string): Promise<void> {
    await this.#client.call('DELETE', `/accounts/${phone}/picture`);
  }

  /** A contact gives an account a privacy token. */
  async trust(contact: string, phone: string): Promise<void> {
    await this.#client.call('POST', `/contacts/${contact}/trust`, { to: phone });
  }

  /** Gives an account a past, which devices are told that are linked from now on. */
  setHistory(phone: string, size: HistorySize): Promise<Required<HistorySize> & { notifications: number }> {
    return this.#client.call('PUT', `/accounts/${phone}/history`, size);
  }

  olderMessagesRequests(phone: string): Promise<OlderMessagesRequest[]> {
    return this.#client.call('GET', `/accounts/${phone}/history/requests`);
  }

  /** Restricts an account to people who know it (until Unix seconds `ends`), or lifts that. */
  async setReachoutTimelock(phone: string, timelock: { active: boolean; ends?: number; type?: string }): Promise<void> {
    await this.#client.call('PUT', `/accounts/${phone}/reachout-timelock`, timelock);
  }

  /** Says how many new chats an account may open. */
  setNewChatCap(phone: string, cap: Partial<NewChatCap>): Promise<NewChatCap> {
    return this.#client.call('PUT', `/accounts/${phone}/new-chat-cap`, cap);
  }
}
