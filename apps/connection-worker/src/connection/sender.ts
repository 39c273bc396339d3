import type { QueuedBody, SendError } from '@flotilla/contracts';
import {
  type BinaryNode,
  generateMessageIDV2,
  generateWAMessage,
  isPnUser,
  proto,
  type WASocket,
} from '@whiskeysockets/baileys';
import { contentOf } from '../commands/index.ts';
import { readReceipt } from '../events/receipt.ts';
import type { FaultPoints } from '../fault-points.ts';
import type { Sender, SendOutcome } from '../send-lane.ts';
import { silentLogger } from './silent-logger.ts';

/** How long the server may take to acknowledge a message (ms). */
const ackTimeoutMs = 20_000;

/** Error codes of `<ack>` after which another try would do harm: 463 counts as one more unwanted message. */
const finalAckErrors = new Set([463, 420, 403]);

export interface SenderOptions {
  sock: WASocket;
  faults: FaultPoints;
  /** Aborted when this socket is no longer the instance's open one. */
  closed: AbortSignal;
  /** Numbers that are known to be on WhatsApp, so that each is asked for once only. */
  knownNumbers: { has(jid: string): boolean; add(jid: string): void };
}

/** Sends over one open socket. */
export function createSender({ sock, faults, closed, knownNumbers }: SenderOptions): Sender {
  const isReachable = async (jid: string): Promise<boolean> => {
    if (!isPnUser(jid) || knownNumbers.has(jid)) return true;
    const mapped = await sock.signalRepository.lidMapping.getLIDForPN(jid);
    const found = mapped ? [{ exists: true }] : await sock.onWhatsApp(jid);
    // No answer says nothing: then the send itself finds out.
    if (found !== undefined && !found.some(({ exists }) => exists)) return false;
    knownNumbers.add(jid);
    return true;
  };

  const relay = async (messageId: string, to: string, message: proto.IMessage): Promise<SendOutcome> => {
    const ack = waitForAck(sock, messageId, closed);
    try {
      await sock.relayMessage(to, message, { messageId });
    } catch {
      ack.cancel();
      return closed.aborted || !sock.ws.isOpen ? { outcome: 'interrupted' } : { outcome: 'unknown' };
    }
    faults.reach('crash-between-write-and-ack');
    const answer = await ack.answer;
    faults.reach('crash-after-ack-before-commit');
    if (answer === 'closed') return { outcome: 'interrupted' };
    if (answer === 'timeout') return { outcome: 'unknown' };
    const code = answer.attrs.error;
    if (code === undefined) return { outcome: 'acked' };
    return finalAckErrors.has(Number(code))
      ? { outcome: 'refused', error: refusedBy(Number(code)) }
      : { outcome: 'unknown' };
  };

  return {
    async send(job, onContent) {
      // The gateway has checked the body against the same catalog.
      const body = job.body as QueuedBody<typeof job.name>;
      try {
        if (!(await isReachable(body.to))) return { outcome: 'refused', error: notOnWhatsApp };
      } catch {
        return { outcome: 'interrupted' };
      }
      const { message } = await generateWAMessage(body.to, contentOf(job.name, body), {
        logger: silentLogger,
        userJid: sock.user?.id ?? '',
        messageId: job.messageId,
        upload: () => Promise.reject(new Error('Text needs no upload')),
      });
      if (!message) return { outcome: 'refused', error: { code: 'refused', message: 'The command has no content' } };
      await onContent(Buffer.from(proto.Message.encode(message).finish()));
      faults.reach('crash-before-send');
      const id = faults.off('guard-off-message-id') ? generateMessageIDV2() : job.messageId;
      return relay(id, body.to, message);
    },
  };
}

const notOnWhatsApp: SendError = { code: 'not-on-whatsapp', message: 'This phone number is not on WhatsApp' };

const refusedBy = (code: number): SendError => ({
  code: 'refused',
  whatsappCode: code,
  message:
    code === 463
      ? 'WhatsApp restricts this number from writing to people who do not know it'
      : 'WhatsApp refused the message',
});

/** Waits for the server's `<ack class='message'>` of one id. Its `error` attribute, if any, is the server's refusal. */
function waitForAck(sock: WASocket, messageId: string, closed: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<BinaryNode | 'timeout' | 'closed'>();
  const onAck = (node: BinaryNode) => {
    if (node.attrs.id === messageId) resolve(node);
  };
  // The recipient's receipt proves as much as the server's word, and may come without it after a takeover.
  const onReceipt = (node: BinaryNode) => {
    if (readReceipt(node)?.messageIds.includes(messageId)) resolve({ tag: 'ack', attrs: { id: messageId } });
  };
  const onClosed = () => resolve('closed');
  const timer = setTimeout(() => resolve('timeout'), ackTimeoutMs);
  sock.ws.on('CB:ack,class:message', onAck);
  sock.ws.on('CB:receipt', onReceipt);
  closed.addEventListener('abort', onClosed);
  if (closed.aborted) onClosed();
  const answer = promise.finally(() => {
    clearTimeout(timer);
    sock.ws.off('CB:ack,class:message', onAck);
    sock.ws.off('CB:receipt', onReceipt);
    closed.removeEventListener('abort', onClosed);
  });
  return { answer, cancel: () => resolve('closed') };
}
