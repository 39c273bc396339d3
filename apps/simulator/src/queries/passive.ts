import { activate } from '../activation.ts';
import type { Network } from '../network.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';

/** `passive`: the client is ready for messages, or for a while it is not. */
export const answerPassive = Object.assign(() => undefined, {
  /** What follows the reply: messages must not overtake it. */
  after(network: Network, stream: ClientStream, wanted: BinaryNode | undefined): void {
    if (wanted?.tag === 'active') activate(network, stream);
  },
});
