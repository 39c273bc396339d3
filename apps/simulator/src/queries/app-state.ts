import { VersionConflict } from '../app-state.ts';
import { type Device, now } from '../device.ts';
import { type BinaryNode, bytes, child, children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `w:sync:app:state`: patches of the app state, which only the account's own devices can read. */
export const answerAppState: QueryHandler = ({ stream, device, wanted, action }) => {
  if (action !== 'set sync') throw notImplemented();
  return [
    node(
      'sync',
      {},
      children(wanted).map((collection) => answerCollection(collection, device, stream.nextId())),
    ),
  ];
};

function answerCollection(collection: BinaryNode, device: Device, id: string): BinaryNode {
  const { name = '', version: text } = collection.attrs;
  const { appState } = device.account;
  const version = Number(text ?? 0);
  const patch = child(collection, 'patch') ?? child(child(collection, 'patches'), 'patch');
  if (patch) {
    try {
      const next = appState.append(name, version, bytes(patch));
      tellOthers(device, name, next, id);
      return node('collection', { name, version: next });
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      return node('collection', { name, type: 'error' }, [node('error', { code: 409, text: 'conflict' })]);
    }
  }
  const patches = appState.since(name, version).map((each) => node('patch', {}, each));
  const attributes = { name, version: appState.version(name), has_more_patches: 'false' };
  return node('collection', attributes, patches.length > 0 ? [node('patches', {}, patches)] : undefined);
}

function tellOthers(device: Device, name: string, version: number, id: string): void {
  for (const other of device.account.devices.values()) {
    if (other === device) continue;
    const attributes = { from: device.account.jid('pn'), type: 'server_sync', id, t: now() };
    other.deliver(node('notification', attributes, [node('collection', { name, version })]));
  }
}
