import { parseJid } from '../jid.ts';
import { LinkingError } from '../linking/linking.ts';
import type { Network } from '../network.ts';
import { type BinaryNode, children } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';
import { notImplemented, QueryError, type QueryHandler } from './query.ts';

/** `md` of a linked client: it unlinks itself, or another device of its account. */
export const answerLinkedDevices: QueryHandler = ({ network, device, wanted, action }) => {
  if (action !== 'set remove-companion-device') throw notImplemented();
  const removed = device.account.devices.get(parseJid(wanted?.attrs.jid)?.device ?? 0);
  // Behind the reply.
  if (removed) setImmediate(() => network.unlink(removed));
  return undefined;
};

/** `md` of a client that is not linked yet: the two steps of a pairing code. */
export async function answerPairing(
  network: Network,
  stream: ClientStream,
  iq: BinaryNode,
): Promise<BinaryNode[] | undefined> {
  const { xmlns } = iq.attrs;
  if (xmlns === 'w:p') return undefined;
  const wanted = children(iq)[0];
  const candidate = network.linking.candidate(stream);
  if (xmlns !== 'md' || wanted?.tag !== 'link_code_companion_reg' || !candidate) throw notImplemented();
  const { codes } = network.linking;
  try {
    if (wanted.attrs.stage === 'companion_hello') return [codes.hello(candidate, wanted)];
    if (wanted.attrs.stage !== 'companion_finish') throw notImplemented();
    await codes.finish(stream, wanted);
    return undefined;
  } catch (error) {
    if (error instanceof LinkingError) throw new QueryError(400, 'bad-request');
    throw error;
  }
}
