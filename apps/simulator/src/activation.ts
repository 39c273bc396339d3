import type { Network } from './network.ts';
import { type BinaryNode, node, serverJid } from './wire/node.ts';
import type { ClientStream } from './wire/stream.ts';

/** How long a client may take to ask for the batch that it was announced, in milliseconds. */
const batchTimeoutMs = 2_000;
const announced = new WeakSet<ClientStream>();

/**
 * A client says that it is ready for messages. What waits is announced and sent once it asks; then `<offline>` opens its
 * event buffer, and only then come live stanzas and, for a new device, the phone's history.
 */
export function activate(network: Network, stream: ClientStream): void {
  const { device } = stream;
  if (!device || stream.live || announced.has(stream)) return;
  const waiting = device.queue.entries().filter(({ afterOffline }) => !afterOffline);
  if (waiting.length === 0) {
    replay(network, stream);
    return;
  }
  announced.add(stream);
  const count = (tag: string) => waiting.filter(({ stanza }) => stanza.tag === tag).length;
  stream.send(
    node('ib', { from: serverJid }, [
      node('offline_preview', {
        count: waiting.length,
        message: count('message'),
        receipt: count('receipt'),
        notification: count('notification'),
        appdata: 0,
        call: 0,
      }),
    ]),
  );
  setTimeout(() => replay(network, stream), batchTimeoutMs).unref();
}

/** The client asks for what was announced: everything is sent, although it asks for a hundred only, and only once. */
export function replay(network: Network, stream: ClientStream): void {
  const { device } = stream;
  if (!device || stream.live) return;
  let sent = 0;
  const entries = device.queue.entries();
  for (const waiting of entries) {
    if (waiting.afterOffline) continue;
    stream.send(marked(waiting.stanza, sent));
    waiting.sent = true;
    sent += 1;
  }
  stream.send(node('ib', { from: serverJid }, [node('offline', { count: sent })]));
  stream.goLive();
  for (const { stanza, afterOffline } of entries) if (afterOffline) stream.send(stanza);
  if (!device.awaitsHistory) return;
  device.awaitsHistory = false;
  network.histories.send(device).catch((error: unknown) => {
    network.log.error({ err: error, device: device.name }, 'history.failed');
  });
}

function marked(stanza: BinaryNode, offline: number): BinaryNode {
  return { ...stanza, attrs: { ...stanza.attrs, offline: String(offline) } };
}
