import type { Account } from '../account.ts';
import { pnJid } from '../jid.ts';
import type { Network } from '../network.ts';
import { type BinaryNode, bytes, child, children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** What is said of somebody for each protocol a client asks for; undefined to say nothing. */
const protocols: Record<string, (account: Account | undefined, byLid: boolean) => BinaryNode | undefined> = {
  contact: (account) => node('contact', { type: account ? 'in' : 'out' }),
  devices: (account) => account && node('devices', {}, [deviceList(account)]),
  // Clients take the answer for a new mapping: only phone numbers are asked for their LID.
  lid: (account, byLid) => (account && !byLid ? node('lid', { val: account.jid('lid') }) : undefined),
  status: (account) => account && node('status', { t: account.statusSetAt }, account.status),
  disappearing_mode: (account) =>
    account && node('disappearing_mode', { duration: account.disappearing.duration, t: account.disappearing.setAt }),
};

/** `usync`: is this number on WhatsApp, which devices and which LID does it have. */
export const answerUsync: QueryHandler = ({ network, device, wanted, action }) => {
  if (action !== 'get usync' || !wanted) throw notImplemented();
  const asked = children(child(wanted, 'query')).map(({ tag }) => tag);
  const users = children(child(wanted, 'list')).map((user) => answerUser(network, device.account, user, asked));
  return [
    node('usync', { ...wanted.attrs }, [
      node(
        'result',
        {},
        asked.map((tag) => node(tag)),
      ),
      node('list', {}, users),
    ]),
  ];
};

function answerUser(network: Network, asking: Account, user: BinaryNode, asked: string[]): BinaryNode {
  const number = bytes(child(user, 'contact')).toString().replaceAll(/\D/g, '');
  const jid = user.attrs.jid ?? pnJid(number);
  const account = network.resolve(jid)?.account;
  if (account && account !== asking && asked.includes('devices')) account.deviceWatchers.add(asking);
  const byLid = jid.endsWith('@lid');
  const answers = asked.map((tag) => protocols[tag]?.(account, byLid)).filter((each) => each !== undefined);
  return node('user', { jid }, answers);
}

/** All devices, the asking one too. A companion without a key index would be ignored. */
function deviceList(account: Account): BinaryNode {
  return node('device-list', {}, [
    node('device', { id: 0 }),
    ...[...account.devices.values()].map((device) => node('device', { id: device.id, 'key-index': device.keyIndex })),
  ]);
}
