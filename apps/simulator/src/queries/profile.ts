import type { Account } from '../account.ts';
import { now } from '../device.ts';
import { groupFor, isGroupJid } from '../groups/directory.ts';
import { GroupRefusal } from '../groups/group.ts';
import type { PictureOwner } from '../media/pictures.ts';
import { tellOwnDevices } from '../notice.ts';
import { bytes, children, node } from '../wire/node.ts';
import { type Query, QueryError, type QueryHandler } from './query.ts';

/** `blocklist`: who is blocked. The account's other devices are told of changes. */
export const answerBlocklist: QueryHandler = ({ device, iq }) => {
  const { account } = device;
  for (const { attrs } of iq.attrs.type === 'set' ? children(iq) : []) {
    if (!attrs.jid) continue;
    if (attrs.action === 'block') account.blocklist.add(attrs.jid);
    else account.blocklist.delete(attrs.jid);
    const item = node('item', { jid: attrs.jid, action: attrs.action });
    tellOwnDevices(account, 'account_sync', [node('blocklist', {}, [item])], device);
  }
  return [
    node(
      'list',
      {},
      [...account.blocklist].map((jid) => node('item', { jid })),
    ),
  ];
};

/** `w:profile:picture`: pictures of accounts and groups, by URL. */
export const answerPicture: QueryHandler = async (query) => {
  const { network, stream, device, iq, wanted } = query;
  const owner = ownerOf(query);
  if (iq.attrs.type === 'get') {
    if ('account' in owner && !maySeePicture(owner.account, device.account))
      throw new QueryError(401, 'not-authorized');
    const picture = network.pictures.get(owner);
    if (!picture) throw new QueryError(404, 'item-not-found');
    const url = network.media.urlOf(picture.directPath, stream.host);
    const type = wanted?.attrs.type ?? 'image';
    return [node('picture', { id: picture.id, type, url, direct_path: picture.directPath })];
  }
  if ('account' in owner && owner.account !== device.account) throw new QueryError(403, 'forbidden');
  const jpeg = wanted?.tag === 'picture' ? bytes(wanted) : undefined;
  if (!jpeg || jpeg.length === 0) {
    network.pictures.remove(owner, device.account, device);
    return undefined;
  }
  const { id } = await network.pictures.set(owner, jpeg, device.account, device);
  return [node('picture', { id })];
};

/** `status`: the text under one's name. */
export const answerStatus: QueryHandler = ({ device, wanted }) => {
  device.account.status = bytes(wanted).toString();
  device.account.statusSetAt = now();
  return undefined;
};

/** `disappearing_mode`: how long messages of new chats stay. The account's other devices are told. */
export const answerDisappearingMode: QueryHandler = ({ device, wanted }) => {
  const { account } = device;
  account.disappearing = { duration: Number(wanted?.attrs.duration ?? 0), setAt: now() };
  const { duration, setAt } = account.disappearing;
  tellOwnDevices(account, 'account_sync', [node('disappearing_mode', { duration, t: setAt })], device);
  return undefined;
};

/** Whose picture a query is about: who asks, if it names nobody. */
function ownerOf({ network, device, iq }: Query): PictureOwner {
  const { target } = iq.attrs;
  if (!target) return { account: device.account };
  if (!isGroupJid(target)) {
    const found = network.resolve(target);
    if (!found) throw new QueryError(404, 'item-not-found');
    return { account: found.account };
  }
  try {
    const group = groupFor(network.groups, target, device.account);
    if (iq.attrs.type === 'set' && group.settings.locked && !group.isAdmin(device.account)) {
      throw new QueryError(403, 'forbidden');
    }
    return { group };
  } catch (error) {
    if (error instanceof GroupRefusal) throw new QueryError(error.code, error.message);
    throw error;
  }
}

/** Hidden pictures are a refusal, not an absence. */
function maySeePicture(owner: Account, asking: Account): boolean {
  return owner === asking || (owner.privacy.get('profile') !== 'none' && !owner.blocks(asking));
}
