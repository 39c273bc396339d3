import { randomInt } from 'node:crypto';
import { now } from '../device.ts';
import { bytes, children, node } from '../wire/node.ts';
import { QueryError, type QueryHandler } from './query.ts';

/** `blocklist`: who is blocked. */
export const answerBlocklist: QueryHandler = ({ device, iq }) => {
  const { blocklist } = device.account;
  for (const { attrs } of iq.attrs.type === 'set' ? children(iq) : []) {
    if (!attrs.jid) continue;
    if (attrs.action === 'block') blocklist.add(attrs.jid);
    else blocklist.delete(attrs.jid);
  }
  return [
    node(
      'list',
      {},
      [...blocklist].map((jid) => node('item', { jid })),
    ),
  ];
};

/** `w:profile:picture`: nobody has one; setting one is accepted. */
export const answerPicture: QueryHandler = ({ iq }) => {
  if (iq.attrs.type === 'set') return [node('picture', { id: randomInt(1, 2 ** 31) })];
  throw new QueryError(404, 'item-not-found');
};

/** `status`: the text under one's name. */
export const answerStatus: QueryHandler = ({ device, wanted }) => {
  device.account.status = bytes(wanted).toString();
  device.account.statusSetAt = now();
  return undefined;
};
