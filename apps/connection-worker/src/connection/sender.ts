import { setTimeout as pause } from 'node:timers/promises';
import type { CommandJob, SendError } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Logger } from '@flotilla/service';
import {
  type BinaryNode,
  generateMessageIDV2,
  isJidGroup,
  isJidNewsletter,
  isPnUser,
  type MessageRelayOptions,
  proto,
  type WASocket,
} from '@whiskeysockets/baileys';
import { addressesOf, meIn, meOf } from '../commands/address.ts';
import { answeredCode } from '../commands/answered-code.ts';
import { type Part, type SendContext, SendRefused } from '../commands/handler.ts';
import { partsOf } from '../commands/index.ts';
import { type Inbound, readContent } from '../events/inbound.ts';
import { myself } from '../events/party.ts';
import { readReceipt } from '../events/receipt.ts';
import { typeOf, unwrap } from '../events/unwrap.ts';
import type { WorkerFaultPoints } from '../fault-points.ts';
import type { Sender, SendJournal, SendOutcome } from '../send-lane.ts';

/** How long the server may take to acknowledge a message (ms). */
const ackTimeoutMs = 20_000;
/**
 * How long to wait when a message could not be built now (ms): at first, then twice as long each time. WhatsApp's media
 * servers, or our own storage, may be back by then.
 */
const buildAgainMs = 2_000;
const longestPauseMs = 30_000;

/** Error codes of `<ack>` after which another try would do harm: 463 counts as one more unwanted message. */
const finalAckErrors = new Set([463, 420, 403]);
/** What the server answers about a group that is not there, or not for this number. */
const finalGroupErrors = new Set([401, 403, 404, 406]);

export interface SenderOptions {
  context: SendContext;
  faults: WorkerFaultPoints;
  log: Logger;
  /** The commands of what a message does to another one, or to its chat, such as an edit. */
  changesOf(change: Exclude<Inbound, { what: 'message' }>): Promise<RedisCommand[]>;
  /** Numbers that are known to be on WhatsApp, so that each is asked for once only. */
  knownNumbers: { has(jid: string): boolean; add(jid: string): void };
}

/** Sends over one open socket. */
export function createSender({ context, faults, log, knownNumbers, changesOf }: SenderOptions): Sender {
  const { sock, store, signal: closed } = context;
  /** The last message that could not be built, and how often in a row: they come one by one. */
  let notBuilt = { messageId: '', failures: 0 };

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
    // What is not encrypted leaves without a ratchet being stored.
    if (isJidNewsletter(part.to)) await store.settle();
    const ack = waitForAck(sock, messageId, closed);
    try {
      await sock.relayMessage(part.to, message, {
        ...relayOptions(part.to, message),
        // The phone and the other devices of this number show its status updates too.
        ...(part.audience ? { statusJidList: [...part.audience, meOf(context).jid] } : {}),
        messageId,
      });
    } catch (error) {
      ack.cancel();
      // What is sent next under this id is what is journalled now. If that fails, the journal is read again.
      await store.settle().catch(() => {});
      if (closed.aborted || !sock.ws.isOpen) return { outcome: 'interrupted' };
      // Before a message to a group leaves, Baileys asks for its members: who is none himself gets no answer.
      const code = isJidGroup(part.to) ? answeredCode(error) : undefined;
      return code !== undefined && finalGroupErrors.has(code)
        ? { outcome: 'refused', error: { ...notInGroup, whatsappCode: code } }
        : { outcome: 'unknown' };
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

  /** What a message of this number means for the history. */
  const meaningOf = async ({ messageId: id, to }: Part, message: proto.IMessage): Promise<Inbound | undefined> => {
    const me = meOf(context);
    const chats = await addressesOf(context, to);
    const sender = myself(me, meIn(context, to));
    const envelope = { id, chat: to, chats, fromMe: true, sender, at: Date.now(), offline: false };
    return readContent(envelope, message, me, { fetches: () => false });
  };

  /** The message of a part, journalled: as it was before a crash, or built now. What it gives is what is to be sent. */
  const prepare = async (
    part: Part,
    { acceptedAt }: CommandJob,
    { journal, isAlone }: { journal: SendJournal; isAlone: boolean },
  ): Promise<Prepared> => {
    const before = await journal.sent(part.messageId);
    if (before?.acked) return { outcome: 'acked' };
    if (before) return { part, message: proto.Message.decode(before.content) };
    let message: proto.IMessage;
    try {
      if (!(await isReachable(part.to))) return { outcome: 'refused', error: notOnWhatsApp };
      message = await part.build(context);
    } catch (error) {
      if (error instanceof SendRefused) return { outcome: 'refused', error: error.error };
      // What was asked of WhatsApp on the way did not come: with the connection, or by itself.
      if (closed.aborted || !sock.ws.isOpen) return { outcome: 'interrupted' };
      const reason = error instanceof Error ? error.name : typeof error;
      log.warn({ messageId: part.messageId, reason }, 'command.not-built');
      const failures = notBuilt.messageId === part.messageId ? notBuilt.failures + 1 : 1;
      notBuilt = { messageId: part.messageId, failures };
      const ms = Math.min(buildAgainMs * 2 ** (failures - 1), longestPauseMs);
      await pause(ms, undefined, { signal: closed }).catch(() => {});
      return { outcome: 'unknown' };
    }
    const content = Buffer.from(proto.Message.encode(message).finish());
    const meaning = await meaningOf(part, message);
    const statuses = { at: { queued: acceptedAt, sending: Date.now() } };
    const kept =
      meaning?.what === 'message' ? context.history.append({ message: meaning.message, content, statuses }) : [];
    // With the ratchet that encrypts it, unless somebody would have to upload a file once more if this process dies now.
    await journal.sending(part.messageId, content, { also: kept, withNext: isAlone && !bearsFile(message) });
    return { part, message, isMessage: meaning?.what === 'message' };
  };

  /**
   * All messages of a command, before the first of them leaves: of an album with a picture that cannot be had, nothing is
   * sent.
   */
  const prepareAll = async (job: CommandJob, journal: SendJournal): Promise<Message[] | SendOutcome> => {
    const ready: Message[] = [];
    const parts = partsOf(job);
    for (const part of parts) {
      const prepared = await prepare(part, job, { journal, isAlone: parts.length === 1 });
      if ('part' in prepared) ready.push(prepared);
      else if (prepared.outcome !== 'acked') {
        if (prepared.outcome === 'refused')
          for (const { part: other } of ready)
            if (other.messageId !== job.messageId) await journal.failed(other.messageId, prepared.error);
        return prepared;
      }
    }
    return ready;
  };

  return {
    async send(job, journal) {
      let messages: Message[] | SendOutcome;
      try {
        messages = await prepareAll(job, journal);
      } catch (error) {
        if (error instanceof SendRefused) return { outcome: 'refused', error: error.error };
        throw error;
      }
      if (!Array.isArray(messages)) return messages;
      const also: RedisCommand[] = [];
      for (const { part, message, isMessage } of messages) {
        faults.reach('crash-before-send');
        const result = await relay(part, message);
        if (result.outcome !== 'acked') return result;
        // What it changes counts once WhatsApp has taken it.
        const meaning = isMessage ? undefined : await meaningOf(part, message);
        if (meaning && meaning.what !== 'message') also.push(...(await changesOf(meaning)));
        // The command's own message is acknowledged when all of it is.
        if (part.messageId !== job.messageId) await journal.acked(part.messageId);
      }
      return { outcome: 'acked', also };
    },
  };
}

/** A part with what is to be sent of it. */
interface Message {
  part: Part;
  message: proto.IMessage;
  /** Whether it is known to be one by itself, and nothing that is done to another one. */
  isMessage?: boolean;
}
type Prepared = Message | SendOutcome;

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

/** Whether a message refers to something that was uploaded for it. */
function bearsFile(message: proto.IMessage): boolean {
  const { content } = unwrap(message);
  const type = typeOf(content);
  const value: unknown = type && Reflect.get(content, type);
  return (
    typeof value === 'object' &&
    value !== null &&
    ['directPath', 'thumbnailDirectPath'].some((field) => Boolean(Reflect.get(value, field)))
  );
}

const notOnWhatsApp: SendError = { code: 'not-on-whatsapp', message: 'This phone number is not on WhatsApp' };

const notInGroup: SendError = { code: 'refused', message: 'There is no such group, or this number is not in it' };

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
