import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Addressing } from '../jid.ts';

/** What a member may do. The creator is a superadmin: nobody can remove or demote them. */
export type Role = 'member' | 'admin' | 'superadmin';

/** A text that somebody wrote at some time (Unix seconds). */
interface Authored {
  text: string;
  by: Account;
  at: number;
}

/** The description and the id by which its next change has to name it. */
export interface Description extends Authored {
  id: string;
}

/** What admins decide about a group. */
export interface GroupSettings {
  /** Only admins write messages. */
  announcement: boolean;
  /** Only admins change subject, description and disappearing messages. */
  locked: boolean;
  /** Seconds after which messages disappear; 0 is never. */
  ephemeral: number;
  memberAddMode: 'all_member_add' | 'admin_add';
  /** Admins decide who of those who come by the link, or are added by members, gets in. */
  membershipApproval: boolean;
}

/** Somebody who wants to join, or whom a member wants to add. */
export interface MembershipRequest {
  account: Account;
  method: 'invite_link' | 'non_admin_add';
  by: Account;
  /** Unix seconds. */
  at: number;
}

/** An invitation for one person, who could not be added (a "v4" invite). */
export interface Invitation {
  code: string;
  account: Account;
  by: Account;
  /** Unix seconds. */
  expiresAt: number;
}

/** A group and everything about it, as the service knows it. */
export class Group {
  /** Digits; the JID without its server. */
  readonly id: string;
  readonly addressing: Addressing;
  readonly creator: Account;
  /** Unix seconds. */
  readonly createdAt = now();
  subject: Authored;
  description: Description | undefined;
  settings: GroupSettings = {
    announcement: false,
    locked: false,
    ephemeral: 0,
    memberAddMode: 'all_member_add',
    membershipApproval: false,
  };
  /** Codes of the link, the present one last. */
  readonly #inviteCodes = [randomCode()];
  readonly requests = new Map<Account, MembershipRequest>();
  readonly invitations = new Map<string, Invitation>();
  /** In the order they came. */
  readonly #members = new Map<Account, Role>();

  constructor(id: string, creator: Account, subject: string, addressing: Addressing) {
    this.id = id;
    this.creator = creator;
    this.addressing = addressing;
    this.subject = { text: subject, by: creator, at: this.createdAt };
    this.#members.set(creator, 'superadmin');
  }

  get jid(): string {
    return `${this.id}@g.us`;
  }

  /** The code of the link. */
  get inviteCode(): string {
    return this.#inviteCodes.at(-1) ?? '';
  }

  /** Whether the link once had this code, or has it. */
  hadInviteCode(code: string): boolean {
    return this.#inviteCodes.includes(code);
  }

  /** Gives the link another code. */
  renewInviteCode(): string {
    this.#inviteCodes.push(randomCode());
    return this.inviteCode;
  }

  get size(): number {
    return this.#members.size;
  }

  get members(): Account[] {
    return [...this.#members.keys()];
  }

  has(account: Account): boolean {
    return this.#members.has(account);
  }

  /** Undefined of somebody who is not in the group. */
  roleOf(account: Account): Role | undefined {
    return this.#members.get(account);
  }

  isAdmin(account: Account): boolean {
    const role = this.#members.get(account);
    return role === 'admin' || role === 'superadmin';
  }

  get admins(): Account[] {
    return this.members.filter((account) => this.isAdmin(account));
  }

  /** Lets somebody in, or gives a member another role. */
  put(account: Account, role: Role): void {
    this.#members.set(account, role);
    this.requests.delete(account);
  }

  remove(account: Account): void {
    this.#members.delete(account);
  }
}

/** A code as invitation links and invitations have. */
export function randomCode(): string {
  return randomBytes(16).toString('base64url');
}

/** The service refuses what somebody wants with a group; `code` as in the error of an iq. */
export class GroupRefusal extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}
