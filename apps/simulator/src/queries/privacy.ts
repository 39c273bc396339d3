import { randomBytes } from 'node:crypto';
import { now } from '../device.ts';
import { child, children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `privacy`: who may see what, and the tokens by which accounts trust each other. */
export const answerPrivacy: QueryHandler = ({ network, stream, device, iq, wanted, action }) => {
  const { account } = device;
  switch (action) {
    case 'get privacy':
      return [
        node(
          'privacy',
          {},
          [...account.privacy].map(([name, value]) => node('category', { name, value })),
        ),
      ];
    case 'set privacy':
      for (const { attrs } of children(wanted)) if (attrs.name) account.privacy.set(attrs.name, attrs.value ?? '');
      return [node('privacy', {}, children(wanted))];
    case 'set tokens':
      for (const { attrs } of children(child(iq, 'tokens'))) {
        const target = network.resolve(attrs.jid)?.account;
        const token = node('token', { jid: account.jid('pn'), t: now(), type: 'trusted_contact' }, randomBytes(16));
        const from = { from: account.jid('pn'), sender_lid: account.jid('lid') };
        for (const other of target?.devices.values() ?? []) {
          const attributes = { ...from, type: 'privacy_token', id: stream.nextId(), t: now() };
          other.deliver(node('notification', attributes, [node('tokens', {}, [token])]));
        }
      }
      return undefined;
    default:
      throw notImplemented();
  }
};
