import { replay } from './activation.ts';
import type { Device } from './device.ts';
import { introduce } from './login.ts';
import { takeMessage } from './messages.ts';
import type { Network } from './network.ts';
import { setAvailable, takeChatState, takePresence } from './presence.ts';
import { answer, answerUnlinked } from './queries/answer.ts';
import { takeAck, takeReceipt } from './receipts.ts';
import { type BinaryNode, children, node } from './wire/node.ts';
import type { ClientStream, StreamHandler } from './wire/stream.ts';

/** What the server does with one kind of stanza. */
type Take = (network: Network, device: Device, stanza: BinaryNode, stream: ClientStream) => void;

const takes: Record<string, Take> = {
  message: takeMessage,
  receipt: takeReceipt,
  ack: takeAck,
  presence: takePresence,
  chatstate: takeChatState,
  notification: () => undefined,
  call: takeCall,
  ib: (network, _device, stanza, stream) => {
    if (children(stanza).some(({ tag }) => tag === 'offline_batch')) replay(network, stream);
  },
  iq: (network, _device, stanza, stream) => answer(network, stream, stanza),
  xmlstreamend: (_network, _device, _stanza, stream) => stream.close(),
};

/** What the service does with each connection. */
export function clientHandler(network: Network): StreamHandler {
  return {
    introduced: (stream, handshake) => introduce(network, stream, handshake),
    stanza: (stream, stanza) => {
      const { device } = stream;
      if (!device) {
        answerUnlinked(network, stream, stanza);
        return;
      }
      const take = takes[stanza.tag];
      if (take) take(network, device, stanza, stream);
      else takeUnknown(network, stream, stanza);
    },
    closed: (stream) => {
      network.linking.forget(stream);
      const { device } = stream;
      if (device?.stream === stream) setAvailable(device, false);
      if (device) network.log.debug({ device: device.name }, 'connection.closed');
    },
  };
}

/** A client's `<call>`: it waits for the ack. */
function takeCall(network: Network, device: Device, stanza: BinaryNode, stream: ClientStream): void {
  const { id, to } = stanza.attrs;
  stream.send(node('ack', { class: 'call', id, from: to }, network.calls.take(device, stanza)));
}

/** Nothing stays without an answer: a client would wait for a minute. */
function takeUnknown(network: Network, stream: ClientStream, stanza: BinaryNode): void {
  network.counters.addTo('unknownStanzas', stanza.tag);
  network.log.warn({ tag: stanza.tag }, 'stanza.unknown');
  const { id, to } = stanza.attrs;
  if (id) stream.send(node('ack', { class: stanza.tag, id, from: to, error: '501' }));
}
