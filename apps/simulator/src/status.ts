import { type Device, now } from './device.ts';
import type { Network } from './network.ts';
import type { Ciphertext } from './signal/party.ts';
import { type BinaryNode, bytes, child, children, node } from './wire/node.ts';

/** The chat of all status posts. */
export const statusJid = 'status@broadcast';

/**
 * Hands a client's status post to those that the client encrypted its sender key for, which is the audience that it
 * chose: nobody else learns of it.
 */
export function relayStatus(network: Network, sender: Device, message: BinaryNode, shown: BinaryNode[]): void {
  const { id = '', type } = message.attrs;
  const shared = children(message).find(({ tag }) => tag === 'enc');
  for (const part of children(child(message, 'participants'))) {
    const target = network.resolve(part.attrs.jid);
    if (!target) continue;
    const { account, device: number } = target;
    const own = children(part).filter(({ tag }) => tag === 'enc');
    if (number === 0) {
      if (account === sender.account) continue;
      const ciphertexts = own.map(ciphertextOf);
      account.contact?.receive({ id, sender, to: statusJid, ciphertexts, status: { forAll: shared && bytes(shared) } });
      continue;
    }
    const device = account.devices.get(number);
    if (!device || device === sender) continue;
    if (account !== sender.account) {
      network.ledger.record({ id, account: account.phone, direction: 'in', from: sender.name, to: statusJid });
    }
    network.counters.add('messagesToClients');
    const needsIdentity = own.some(({ attrs }) => attrs.type === 'pkmsg');
    const author = { participant: sender.pn, participant_lid: sender.account.jid('lid') };
    const notify = sender.pushName ?? sender.account.name;
    device.deliver(
      node('message', { from: statusJid, ...author, id, type, t: now(), notify }, [
        ...own,
        ...(shared ? [shared] : []),
        ...(needsIdentity ? [node('device-identity', {}, sender.signedIdentity)] : []),
        ...shown,
      ]),
    );
  }
}

function ciphertextOf(enc: BinaryNode): Ciphertext {
  return { type: enc.attrs.type === 'pkmsg' ? 'pkmsg' : 'msg', content: bytes(enc) };
}
