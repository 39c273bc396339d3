import type { Account } from '../account.ts';
import { VersionConflict } from '../app-state.ts';
import type { Device } from '../device.ts';
import type { Network } from '../network.ts';
import { tellOwnDevices } from '../notice.ts';
import { type BinaryNode, bytes, child, children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `w:sync:app:state`: patches of the app state, which only the account's own devices can read. */
export const answerAppState: QueryHandler = ({ network, device, wanted, action }) => {
  if (action !== 'set sync') throw notImplemented();
  return [
    node(
      'sync',
      {},
      children(wanted).map((collection) => answerCollection(network, collection, device)),
    ),
  ];
};

function answerCollection(network: Network, collection: BinaryNode, device: Device): BinaryNode {
  const { name = '', version: text } = collection.attrs;
  const { account } = device;
  const { appState } = account;
  const version = Number(text ?? 0);
  const patch = child(collection, 'patch') ?? child(child(collection, 'patches'), 'patch');
  if (patch) {
    try {
      if (appState.takeConflict()) throw new VersionConflict(name);
      const next = appState.append(name, version, bytes(patch));
      tellOwnDevices(account, 'server_sync', [node('collection', { name, version: next })], device);
      readByPhone(network, account);
      return node('collection', { name, version: next });
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      return node('collection', { name, type: 'error' }, [node('error', { code: 409, text: 'conflict' })]);
    }
  }
  const page = appState.page(name, version);
  const patches = page.patches.map((each) => node('patch', {}, each));
  const attributes = { name, version: page.version, has_more_patches: String(page.hasMore) };
  return node('collection', attributes, patches.length > 0 ? [node('patches', {}, patches)] : undefined);
}

/** The phone reads what a companion has changed; a new push name is the account's from now on. */
function readByPhone(network: Network, account: Account): void {
  account.phoneState.catchUp().then(
    () => {
      const { pushName } = account.phoneState.view;
      if (pushName) account.rename(pushName);
    },
    (error: unknown) => network.log.error({ err: error, account: account.phone }, 'app-state.unreadable'),
  );
}
