import type { CloseReason, InstanceStatus } from '@flotilla/contracts';

/** What the connection of one instance is doing. */
export type ConnectionState =
  /** Nothing was asked of it yet. */
  | { name: 'idle' }
  /** Waits for the fleet's budget, then opens a socket and logs in. */
  | { name: 'connecting'; attempt: number }
  /** The socket is registered; a phone may scan the QR code or type the pairing code. */
  | { name: 'pairing' }
  /** Logged in: the only state in which anything is sent. */
  | { name: 'open'; jid: string; lid: string; pushName?: string }
  /** The socket was lost; the next try comes at `retryAt` (Unix ms). */
  | { name: 'backing-off'; attempt: number; retryAt: number; code?: number }
  /** The lease's deadline has passed: no socket until the lease is back. */
  | { name: 'suspended' }
  /** Will not connect by itself any more, or, after a ban of known length, at `retryAt` (Unix ms). */
  | { name: 'closed'; reason: CloseReason; code?: number; retryAt?: number }
  /** This worker has let go of the instance. */
  | { name: 'ended' };

/**
 * What the tenant sees of a state; undefined for states that are this worker's own affair.
 * @param now when it was entered (Unix ms)
 */
export function statusOf(state: ConnectionState, now: number): InstanceStatus | undefined {
  switch (state.name) {
    case 'idle':
    case 'suspended':
    case 'ended':
      return undefined;
    case 'open': {
      const phone = /^(\d+)/.exec(state.jid)?.[1];
      const { jid, lid, pushName } = state;
      return { state: 'open', since: now, jid, lid, ...(phone ? { phone } : {}), ...(pushName ? { pushName } : {}) };
    }
    case 'connecting':
      return { state: 'connecting', since: now, attempt: state.attempt };
    case 'pairing':
      return { state: 'pairing', since: now };
    case 'backing-off':
      return { state: 'backing-off', since: now, attempt: state.attempt, retryAt: state.retryAt, ...codeOf(state) };
    case 'closed':
      return { state: 'closed', since: now, reason: state.reason, ...codeOf(state), ...retryAtOf(state) };
  }
}

const codeOf = ({ code }: { code?: number }) => (code === undefined ? {} : { code });
const retryAtOf = ({ retryAt }: { retryAt?: number }) => (retryAt === undefined ? {} : { retryAt });
