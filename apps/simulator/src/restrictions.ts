import type { Account } from './account.ts';
import { now } from './device.ts';
import { tellOwnDevices } from './notice.ts';
import { node } from './wire/node.ts';

/** The account may not write to people who do not know it. */
export interface ReachoutTimelock {
  active: boolean;
  /** Unix seconds. */
  ends: number;
  /** Such as `BIZ_QUALITY`; `DEFAULT` is none. */
  type: string;
}

/** How many new chats an account may open in a cycle. */
export interface NewChatCap {
  total: number;
  used: number;
  /** Unix seconds. */
  cycleStart: number;
  cycleEnd: number;
  status: 'NONE' | 'FIRST_WARNING' | 'SECOND_WARNING' | 'CAPPED';
}

/** What the service restricts an account to. */
export class Restrictions {
  timelock: ReachoutTimelock = { active: false, ends: 0, type: 'DEFAULT' };
  newChatCap: NewChatCap = { total: 1_000, used: 0, cycleStart: 0, cycleEnd: 0, status: 'NONE' };
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Sets the time lock and tells the account's devices. */
  lock(timelock: ReachoutTimelock): void {
    this.timelock = timelock;
    this.#tell('NotificationUserReachoutTimelockUpdate', {
      xwa2_notify_account_reachout_timelock: this.timelockAnswer,
    });
  }

  /** Sets the cap and tells the account's devices. */
  cap(newChatCap: NewChatCap): void {
    this.newChatCap = newChatCap;
    this.#tell('MessageCappingInfoNotification', {
      xwa2_notify_new_chat_messages_capping_info_update: this.capAnswer,
    });
  }

  /** Whether the time lock keeps the account from writing to somebody who has neither written to it nor trusts it. */
  keepsFrom(other: Account, hasWritten: boolean): boolean {
    const { active, ends } = this.timelock;
    return active && (ends === 0 || ends > now()) && !hasWritten && !this.#account.trustedBy.has(other.phone);
  }

  /** The time lock as clients read it. */
  get timelockAnswer(): object {
    const { active, ends, type } = this.timelock;
    return { is_active: active, time_enforcement_ends: String(ends), enforcement_type: type };
  }

  /** The cap as clients read it. */
  get capAnswer(): object {
    const { total, used, cycleStart, cycleEnd, status } = this.newChatCap;
    return {
      total_quota: total,
      used_quota: used,
      cycle_start_timestamp: String(cycleStart),
      cycle_end_timestamp: String(cycleEnd),
      server_sent_timestamp: String(now()),
      ote_status: 'NOT_ELIGIBLE',
      mv_status: 'NOT_ELIGIBLE',
      capping_status: status,
    };
  }

  #tell(operation: string, data: object): void {
    tellOwnDevices(this.#account, 'mex', [node('update', { op_name: operation }, JSON.stringify({ data }))]);
  }
}
