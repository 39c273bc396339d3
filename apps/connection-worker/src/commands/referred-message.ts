import type { MessageRef } from '@flotilla/contracts';
import { isJidGroup, type proto } from '@whiskeysockets/baileys';
import { personJid } from './address.ts';
import { type FoundMessage, findMessage, isIn } from './found-message.ts';
import { type SendContext, SendRefused } from './handler.ts';

/** A message that a command is about: its key, and its content if it is kept. */
export interface Referred {
  key: proto.IMessageKey & { id: string; fromMe: boolean };
  found?: FoundMessage;
}

/** What is not kept and not said. @param missing what the body has to say then */
export const notFound = (missing: string) =>
  new SendRefused('message-not-found', `The message is not kept: ${missing}`);

/**
 * Finds the message of a chat that a command is about. What is kept here counts more than what the body says of it.
 * @param assumed who wrote it if neither says so
 * @throws SendRefused `message-not-found`
 */
export async function referTo(
  context: SendContext,
  chat: string,
  ref: MessageRef,
  assumed?: { fromMe: boolean },
): Promise<Referred> {
  const found = await findMessage(context, ref.id);
  if (found && !(await isIn(context, found, chat)))
    throw new SendRefused('message-not-found', 'The message belongs to another chat');
  const said = ref.fromMe ?? (ref.sender === undefined ? undefined : false);
  const fromMe = found?.fromMe ?? said ?? assumed?.fromMe;
  if (fromMe === undefined) throw notFound('say whether it is from this number (fromMe)');
  const key = { remoteJid: chat, id: ref.id, fromMe };
  if (fromMe || !isJidGroup(chat)) return { key, found };
  const sender = found?.sender ?? (ref.sender === undefined ? undefined : personJid(ref.sender));
  if (sender === undefined) throw notFound('say who wrote it (sender)');
  return { key: { ...key, participant: sender }, found };
}
