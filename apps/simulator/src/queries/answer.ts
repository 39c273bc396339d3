import type { Network } from '../network.ts';
import { type BinaryNode, children, node, serverJid } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';
import { answerAppState } from './app-state.ts';
import { answerBusiness } from './business.ts';
import { answerEncrypt } from './encrypt.ts';
import { answerGroups } from './groups.ts';
import { answerLinkedDevices, answerPairing } from './linked-devices.ts';
import { answerMedia } from './media.ts';
import { answerMex } from './mex.ts';
import { answerNewsletter } from './newsletters.ts';
import { answerPassive } from './passive.ts';
import { answerPrivacy } from './privacy.ts';
import { answerBlocklist, answerDisappearingMode, answerPicture, answerStatus } from './profile.ts';
import { answerProperties } from './properties.ts';
import { QueryError, type QueryHandler } from './query.ts';
import { answerUsync } from './usync.ts';

const done: QueryHandler = () => undefined;

/** Who answers which namespace. */
const handlers: Record<string, QueryHandler> = {
  'w:p': done,
  'w:stats': done,
  'urn:xmpp:whatsapp:dirty': done,
  disappearing_mode: answerDisappearingMode,
  tos: done,
  passive: answerPassive,
  encrypt: answerEncrypt,
  abt: answerProperties,
  privacy: answerPrivacy,
  blocklist: answerBlocklist,
  usync: answerUsync,
  'w:m': answerMedia,
  'w:profile:picture': answerPicture,
  status: answerStatus,
  'w:sync:app:state': answerAppState,
  'w:g2': answerGroups,
  md: answerLinkedDevices,
  'w:biz': answerBusiness,
  'w:mex': answerMex,
  newsletter: answerNewsletter,
};

/** Answers an `<iq>` of a linked client; every one, because a client waits a minute for what is not answered. */
export function answer(network: Network, stream: ClientStream, iq: BinaryNode): void {
  const { device } = stream;
  if (!device || iq.attrs.type === 'result' || iq.attrs.type === 'error') return;
  const { xmlns = '', type = '' } = iq.attrs;
  const wanted = children(iq)[0];
  const handler = handlers[xmlns];
  try {
    if (!handler) throw new QueryError(501, 'feature-not-implemented');
    const content = handler({ network, stream, device, iq, wanted, action: `${type} ${wanted?.tag ?? ''}`.trim() });
    if (content instanceof Promise) {
      content.then(
        (later) => reply(stream, iq, later),
        (error: unknown) => refuse(network, stream, iq, error),
      );
      return;
    }
    reply(stream, iq, content);
    if (xmlns === 'passive') answerPassive.after(network, stream, wanted);
  } catch (error) {
    refuse(network, stream, iq, error);
  }
}

/** Answers what a client may ask before it is linked, and takes its replies. */
export function answerUnlinked(network: Network, stream: ClientStream, stanza: BinaryNode): void {
  if (stanza.tag === 'ack' || stanza.tag === 'ib' || stanza.tag === 'presence') return;
  if (stanza.tag !== 'iq') {
    refuse(network, stream, stanza, new QueryError(501, 'feature-not-implemented'));
    return;
  }
  if (stanza.attrs.type === 'result' || stanza.attrs.type === 'error') {
    network.linking.takeReply(stream, stanza);
    return;
  }
  Promise.resolve()
    .then(() => answerPairing(network, stream, stanza))
    .then(
      (content) => reply(stream, stanza, content),
      (error: unknown) => refuse(network, stream, stanza, error),
    );
}

function reply(stream: ClientStream, iq: BinaryNode, content: BinaryNode[] | undefined): void {
  stream.send(node('iq', { type: 'result', id: iq.attrs.id, from: iq.attrs.to ?? serverJid }, content));
}

function refuse(network: Network, stream: ClientStream, iq: BinaryNode, error: unknown): void {
  const code = error instanceof QueryError ? error.code : 500;
  const text = error instanceof QueryError ? error.message : 'internal-server-error';
  const wanted = children(iq)[0]?.tag;
  if (code === 501) {
    const what = [iq.tag, iq.attrs.xmlns, iq.attrs.type, wanted].filter(Boolean).join(' ');
    network.counters.addTo('unknownStanzas', what);
    network.log.warn({ what }, 'stanza.unknown');
  }
  if (code === 500) network.log.error({ err: error, xmlns: iq.attrs.xmlns }, 'query.failed');
  stream.send(
    node('iq', { type: 'error', id: iq.attrs.id, from: iq.attrs.to ?? serverJid }, [node('error', { code, text })]),
  );
}
