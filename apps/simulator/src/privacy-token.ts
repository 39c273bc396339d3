import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { now } from './device.ts';
import { notification } from './notice.ts';
import { node } from './wire/node.ts';

/**
 * An account lets another one write to it: the other one's devices get a token, which they show with their messages from
 * then on.
 */
export function trust(issuer: Account, trusted: Account): void {
  const content = randomBytes(16);
  trusted.trustedBy.set(issuer.phone, content);
  const from = issuer.jid('pn');
  const token = node('token', { jid: trusted.jid('pn'), t: now(), type: 'trusted_contact' }, content);
  for (const device of trusted.devices.values()) {
    const attributes = { sender_lid: issuer.jid('lid') };
    device.deliver(notification(from, 'privacy_token', [node('tokens', {}, [token])], attributes));
  }
}
