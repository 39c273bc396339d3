import type { SimulatorClient } from './simulator-client.ts';

/** What admins decide about a simulated group. */
export interface SimulatedGroupSettings {
  /** Only admins write. */
  announcement?: boolean;
  /** Only admins change subject, description and disappearing messages. */
  locked?: boolean;
  /** Seconds until messages disappear; 0 is never. */
  ephemeral?: number;
  memberAddMode?: 'all_member_add' | 'admin_add';
  /** Admins decide who gets in. */
  membershipApproval?: boolean;
}

/** A group as the simulated service knows it. People are phone numbers; times are Unix seconds. */
export interface SimulatedGroup extends Required<SimulatedGroupSettings> {
  /** JID */
  id: string;
  subject: string;
  subjectBy: string;
  subjectAt: number;
  description?: string;
  descriptionId?: string;
  addressing: 'lid' | 'pn';
  creator: string;
  createdAt: number;
  inviteCode: string;
  members: { phone: string; lid: string; role: 'member' | 'admin' | 'superadmin' }[];
  /** Who waits for an admin to let them in. */
  requests: { phone: string; method: 'invite_link' | 'non_admin_add'; by: string; at: number }[];
  /** For people who could not be added. */
  invitations: { phone: string; by: string; code: string; expiresAt: number }[];
}

/** What became of somebody who was to be added, removed, promoted or demoted. */
export interface GroupOutcome {
  phone: string;
  /** 200; 403 not allowed, 404 not on WhatsApp or not in the group, 409 in it already. */
  status: number;
  /** Code of the invitation to send instead. */
  invitation?: string;
}

/** A group to be made. */
export interface NewGroup extends SimulatedGroupSettings {
  /** Who creates it: the phone of a contact or of an account. */
  by: string;
  subject: string;
  /** Phones of contacts and accounts, besides the creator. */
  members: string[];
  /** Those of the members who are admins. */
  admins?: string[];
  /** By LID if not given. */
  addressing?: 'lid' | 'pn';
  description?: string;
}

/**
 * Groups of the simulator. `by` is who does it: the phone of a contact, or of an account as if its owner did it. Contacts
 * write to a group with {@link SimulatorClient.contactSend}, which takes its JID.
 */
export class SimulatorGroups {
  readonly #simulator: Pick<SimulatorClient, 'call'>;

  constructor(simulator: Pick<SimulatorClient, 'call'>) {
    this.#simulator = simulator;
  }

  create(group: NewGroup): Promise<SimulatedGroup & { outcomes: GroupOutcome[] }> {
    return this.#simulator.call('POST', '/groups', group);
  }

  list(): Promise<SimulatedGroup[]> {
    return this.#simulator.call('GET', '/groups');
  }

  get(group: string): Promise<SimulatedGroup> {
    return this.#simulator.call('GET', `/groups/${group}`);
  }

  /** Somebody changes subject, description (empty deletes it) or settings. */
  change(
    group: string,
    by: string,
    change: SimulatedGroupSettings & { subject?: string; description?: string },
  ): Promise<SimulatedGroup> {
    return this.#simulator.call('PATCH', `/groups/${group}`, { by, ...change });
  }

  /** Somebody adds, removes, promotes or demotes people. */
  async participants(
    group: string,
    by: string,
    action: 'add' | 'remove' | 'promote' | 'demote',
    phones: string[],
  ): Promise<GroupOutcome[]> {
    const body = { by, action, phones };
    return (await this.#post<{ outcomes: GroupOutcome[] }>(`/${group}/participants`, body)).outcomes;
  }

  leave(group: string, by: string): Promise<unknown> {
    return this.#post(`/${group}/leave`, { by });
  }

  /** Somebody follows a link; `waits` if an admin has to let them in. */
  join(code: string, by: string): Promise<{ id: string; waits: boolean }> {
    return this.#post('/join', { by, code });
  }

  /** Somebody accepts an invitation that is for them alone. */
  accept(group: string, by: string, code: string): Promise<unknown> {
    return this.#post(`/${group}/accept`, { by, code });
  }

  /** An admin decides about those who want to join. */
  async decide(group: string, by: string, decision: 'approve' | 'reject', phones: string[]): Promise<GroupOutcome[]> {
    const body = { by, decision, phones };
    return (await this.#post<{ outcomes: GroupOutcome[] }>(`/${group}/requests`, body)).outcomes;
  }

  /** Somebody who wants to join takes that back. */
  withdraw(group: string, by: string): Promise<unknown> {
    return this.#post(`/${group}/requests`, { by, decision: 'withdraw' });
  }

  /** An admin makes the link worthless. Gives the code of the new one. */
  async revokeInvite(group: string, by: string): Promise<string> {
    return (await this.#post<{ code: string }>(`/${group}/revoke-invite`, { by })).code;
  }

  /** A contact has, has read or has played messages of an account. */
  receipt(
    group: string,
    by: string,
    receipt: { to: string; ids: string[]; type: 'delivery' | 'read' | 'played' },
  ): Promise<unknown> {
    return this.#post(`/${group}/receipts`, { by, ...receipt });
  }

  /** A contact types, records or pauses. */
  chatState(group: string, by: string, state: 'composing' | 'recording' | 'paused'): Promise<unknown> {
    return this.#post(`/${group}/chatstate`, { by, state });
  }

  /** A contact loses the sender keys of others, of one group or of all, and has to ask for what comes next. */
  forgetSenderKeys(phone: string, group?: string): Promise<unknown> {
    return this.#simulator.call('POST', `/contacts/${phone}/forget-sender-keys`, { group });
  }

  #post<T>(path: string, body: object): Promise<T> {
    return this.#simulator.call('POST', `/groups${path}`, body);
  }
}
