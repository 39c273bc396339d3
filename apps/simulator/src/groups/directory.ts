import { randomInt } from 'node:crypto';
import type { Account } from '../account.ts';
import type { Addressing } from '../jid.ts';
import { Group, GroupRefusal } from './group.ts';

/** All groups. */
export class GroupDirectory {
  readonly #byId = new Map<string, Group>();

  get all(): Iterable<Group> {
    return this.#byId.values();
  }

  /** The group of a JID (`…@g.us`) or of its digits. */
  find(jid: string | undefined): Group | undefined {
    return jid ? this.#byId.get(jid.replace(/@g\.us$/, '')) : undefined;
  }

  /** The group whose link has this code, or had it once. */
  byInviteCode(code: string): Group | undefined {
    return [...this.#byId.values()].find((group) => group.hadInviteCode(code));
  }

  /** The groups that an account is in. */
  of(account: Account): Group[] {
    return [...this.#byId.values()].filter((group) => group.has(account));
  }

  /** A new group with nobody in it but its creator. */
  create(creator: Account, subject: string, addressing: Addressing): Group {
    const group = new Group(this.#freshId(), creator, subject, addressing);
    this.#byId.set(group.id, group);
    return group;
  }

  reset(): void {
    this.#byId.clear();
  }

  /** 18 digits that start like those of the real service. */
  #freshId(): string {
    for (;;) {
      const id = `120363${randomInt(10 ** 11, 10 ** 12)}`;
      if (!this.#byId.has(id)) return id;
    }
  }
}

/** Whether a JID names a group, which may not exist. */
export function isGroupJid(jid: string | undefined): boolean {
  return jid?.endsWith('@g.us') ?? false;
}

/** The group of a JID for one of its members. Throws 404 if there is none, 403 for who is not in it. */
export function groupFor(directory: GroupDirectory, jid: string | undefined, member: Account): Group {
  const group = directory.find(jid);
  if (!group) throw new GroupRefusal(404, 'item-not-found');
  if (!group.has(member)) throw new GroupRefusal(403, 'forbidden');
  return group;
}
