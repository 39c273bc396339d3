import type { Bundle } from '../signal/party.ts';
import { type BinaryNode, bigEndian, bytes, child, node, number } from './node.ts';

/** The key nodes of a bundle, as in `<keys>` of a retry receipt and in the answer to a key fetch. */
export function bundleKeys(bundle: Bundle): BinaryNode[] {
  return [
    node('type', {}, Buffer.from([5])),
    node('identity', {}, bundle.identity),
    node('skey', {}, [
      node('id', {}, bigEndian(bundle.signedPreKey.id, 3)),
      node('value', {}, bundle.signedPreKey.publicKey),
      node('signature', {}, bundle.signedPreKey.signature),
    ]),
    ...(bundle.preKey
      ? [node('key', {}, [node('id', {}, bigEndian(bundle.preKey.id, 3)), node('value', {}, bundle.preKey.publicKey)])]
      : []),
    ...(bundle.deviceIdentity ? [node('device-identity', {}, bundle.deviceIdentity)] : []),
  ];
}

/** The bundle in a retry receipt; undefined if the client sent none. */
export function bundleOf(receipt: BinaryNode): Bundle | undefined {
  const keys = child(receipt, 'keys');
  const signed = child(keys, 'skey');
  if (!keys || !signed) return undefined;
  const oneTime = child(keys, 'key');
  return {
    registrationId: number(child(receipt, 'registration')),
    identity: bytes(child(keys, 'identity')),
    signedPreKey: signedPreKeyOf(signed),
    ...(oneTime && { preKey: { id: number(child(oneTime, 'id')), publicKey: bytes(child(oneTime, 'value')) } }),
  };
}

/** The signed pre-key in an `<skey>`. */
export function signedPreKeyOf(skey: BinaryNode): Bundle['signedPreKey'] {
  return {
    id: number(child(skey, 'id')),
    publicKey: bytes(child(skey, 'value')),
    signature: bytes(child(skey, 'signature')),
  };
}
