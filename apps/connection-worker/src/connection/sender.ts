import type { SendError } from '@flotilla/contracts';
import {
  type BinaryNode,
  generateMessageIDV2,
  isJidGroup,
  isPnUser,
  type MessageRelayOptions,
  proto,
  type WASocket,
} from '@whiskeysockets/baileys';
import { type Part, type SendContext, SendRefused } from '../commands/handler.ts';
import { partsOf } from '../commands/index.ts';
import { readReceipt } from '../events/receipt.ts';
import type { FaultPoints } from '../fault-points.ts';
import type { Sender, SendJournal, SendOutcome } from '../send-lane.ts';

/** How long the server may take to acknowledge a message (ms). */
const ackTimeoutMs = 20_000;

/** Error codes of `<ack>` after which another try would do harm: 463 counts as one more unwanted message. */
const finalAckErrors = new Set([463, 420, 403]);

export interface SenderOptions {
  context: SendContext;
  faults: FaultPoints;
  /** Numbers that are known to be on WhatsApp, so that each is asked for once only. */
  knownNumbers: { has(jid: string): boolean; add(jid: string): void };
}

/** Sends over one open socket. */
export function createSender({ context, faults, knownNumbers }: SenderOptions): Sender {
  const { sock, signal: closed } = context;

  const isReachable = async (jid: string): Promise<boolean> => {
    if (!isPnUser(jid) || knownNumbers.has(jid)) return true;
    const mapped = await sock.signalRepository.lidMapping.getLIDForPN(jid);
    const found = mapped ? [{ exists: true }] : await sock.onWhatsApp(jid);
    // No answer says nothing: then the send itself finds out.
    if (found !== undefined && !found.some(({ exists }) => exists)) return false;
    knownNumbers.add(jid);
    return true;
  };

  const relay = async (part: Part, message: proto.IMessage): Promise<SendOutcome> => {
    const messageId = faults.off('guard-off-message-id') ? generateMessageIDV2() : part.messageId;
    const ack = waitForAck(sock, messageId, closed);
    try {
      await sock.relayMessage(part.to, message, {
        ...relayOptions(part.to, message),
        ...(part.audience ? { statusJidList: part.audience } : {}),
        messageId,
      });
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

  const sendPart = async (part: Part, journal: SendJournal): Promise<SendOutcome> => {
    const before = await journal.sent(part.messageId);
    if (before?.acked) return { outcome: 'acked' };
    let message: proto.IMessage;
    if (before) message = proto.Message.decode(before.content);
    else {
      try {
        if (!(await isReachable(part.to))) return { outcome: 'refused', error: notOnWhatsApp };
        message = await part.build(context);
      } catch (error) {
        if (error instanceof SendRefused) return { outcome: 'refused', error: error.error };
        // What was asked of WhatsApp on the way did not come: with the connection, or by itself.
        return closed.aborted || !sock.ws.isOpen ? { outcome: 'interrupted' } : { outcome: 'unknown' };
      }
      await journal.sending(part.messageId, Buffer.from(proto.Message.encode(message).finish()));
    }
    faults.reach('crash-before-send');
    return relay(part, message);
  };

  return {
    async send(job, journal) {
      for (const part of partsOf(job)) {
        const result = await sendPart(part, journal);
        if (result.outcome !== 'acked') return result;
        // The command's own message is acknowledged when all of it is.
        if (part.messageId !== job.messageId) await journal.acked(part.messageId);
      }
      return { outcome: 'acked' };
    },
  };
}

/** What the stanza of a message has to say about it, as Baileys' `sendMessage` does: it follows from the message. */
function relayOptions(to: string, message: proto.IMessage): MessageRelayOptions {
  const { protocolMessage, pinInChatMessage } = message;
  const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
  const edit =
    protocolMessage?.type === REVOKE
      ? isJidGroup(to) && !protocolMessage.key?.fromMe
        ? '8'
        : '7'
      : protocolMessage?.type === MESSAGE_EDIT
        ? '1'
        : pinInChatMessage
          ? '2'
          : undefined;
  const isPoll = message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3;
  const meta: BinaryNode['attrs'] | undefined = isPoll
    ? { polltype: 'creation' }
    : message.pollUpdateMessage
      ? { polltype: 'vote' }
      : message.eventMessage
        ? { event_type: 'creation' }
        : undefined;
  return {
    ...(edit ? { additionalAttributes: { edit } } : {}),
    ...(meta ? { additionalNodes: [{ tag: 'meta', attrs: meta }] } : {}),
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
