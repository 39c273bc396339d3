import { createHash } from 'node:crypto';
import type { Network } from '../network.ts';
import type { Bundle } from '../signal/party.ts';
import { bundleKeys, signedPreKeyOf } from '../wire/bundle.ts';
import { type BinaryNode, bigEndian, bytes, child, children, node, number } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `encrypt`: pre-keys are counted, uploaded, checked, replaced, fetched. */
export const answerEncrypt: QueryHandler = ({ network, device, iq, wanted, action }) => {
  switch (action) {
    case 'get count':
      return [node('count', { value: device.preKeys.size })];
    case 'get digest':
      return [
        node('digest', {}, [
          node('registration', {}, bigEndian(device.registrationId, 4)),
          node('type', {}, Buffer.from([5])),
          node('identity', {}, device.identity),
          node('hash', {}, createHash('sha1').update(device.identity).update(device.signedPreKey.publicKey).digest()),
        ]),
      ];
    case 'get key':
      return [
        node(
          'list',
          {},
          children(wanted).map((user) => bundleFor(network, user.attrs.jid ?? '')),
        ),
      ];
    case 'set rotate': {
      const signed = child(wanted, 'skey');
      if (signed) device.signedPreKey = signedPreKeyOf(signed);
      return undefined;
    }
    default: {
      // An upload has no single child that names it.
      const list = child(iq, 'list');
      if (iq.attrs.type !== 'set' || !list) throw notImplemented();
      device.preKeys.add(
        children(list).map((key) => ({ id: number(child(key, 'id')), publicKey: bytes(child(key, 'value')) })),
      );
      const signed = child(iq, 'skey');
      if (signed) device.signedPreKey = signedPreKeyOf(signed);
      return undefined;
    }
  }
};

function bundleFor(network: Network, jid: string): BinaryNode {
  const target = network.resolve(jid);
  let bundle: Bundle | undefined;
  if (target)
    bundle =
      target.device === 0 ? target.account.party.bundle() : target.account.devices.get(target.device)?.takeBundle();
  if (!bundle) return node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })]);
  // The answer has to name the JID exactly as it was asked for.
  return node('user', { jid }, [node('registration', {}, bigEndian(bundle.registrationId, 4)), ...bundleKeys(bundle)]);
}
