import {
  type CommandBody,
  type CommandName,
  commands,
  type MessageView,
  type SendErrorCode,
} from '@flotilla/contracts';
import { readMessage, type StoredInstance } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { accept } from '../acceptance.ts';
import { apiError } from '../errors.ts';
import { idempotencyKey } from '../idempotency.ts';
import type { Parts } from '../parts.ts';
import { patience } from '../patience.ts';
import { validationMessage } from '../validation-message.ts';

/** How long WhatsApp's server is given to acknowledge a message (ms). */
const waitMs = 20_000;

const validators = new Map<CommandName, Validator>();

/** Dialects make commands of what they are sent, so it is checked here, as the native route would have. */
function assertBody(name: CommandName, body: object): void {
  const validator = validators.get(name) ?? Compile(commands[name].body as TSchema);
  validators.set(name, validator);
  const findings = validator.Errors(body);
  if (findings.length > 0) throw apiError('VALIDATION', validationMessage(findings));
}

/** Failures that the client can do something about, by sending something else. */
const faultsOfClients: SendErrorCode[] = [
  'not-on-whatsapp',
  'message-not-found',
  'unsupported-message',
  'invalid-content',
  'media-unavailable',
  'media-too-large',
  'unsupported-media',
];

/** What became of a message so far. `queued` and `sending`: WhatsApp's server has not answered for it yet. */
export type Outcome = Pick<MessageView, 'messageId' | 'to' | 'status'> & { acceptedAt: number };

/**
 * Sends a command, and waits a while until WhatsApp's server has acknowledged it.
 * @returns the message with the state that it really has
 * @throws VALIDATION or REFUSED_BY_WHATSAPP if it has failed, and like `accept`
 */
export async function sendAndWait<N extends CommandName>(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  { instance, name, body }: { instance: StoredInstance; name: N; body: CommandBody<N> },
): Promise<Outcome> {
  const { redis, changes, closing } = parts;
  assertBody(name, body);
  const key = idempotencyKey(request.headers['idempotency-key']);
  const { sent } = await accept(parts, instance, { name, body, idempotencyKey: key });
  const { messageId, to } = sent;
  let latest: MessageView | undefined;
  const look = async () => {
    latest = await readMessage(redis, instance.id, messageId);
    return latest && latest.status !== 'queued' && latest.status !== 'sending' ? latest : undefined;
  };
  // One that its tenant has stopped sends nothing before it is connected again: there is nothing to wait for.
  const timeoutMs = instance.desired === 'connected' ? waitMs : 0;
  await changes.waitFor(instance.id, look, { timeoutMs, signal: patience(reply, closing) });
  const { status = sent.status, error, history } = latest ?? {};
  if (status === 'failed' && error) {
    if (faultsOfClients.includes(error.code)) throw apiError('VALIDATION', `${error.code}: ${error.message}`);
    throw apiError('REFUSED_BY_WHATSAPP', `${error.code}: ${error.message}`);
  }
  return { messageId, to, status, acceptedAt: history?.[0]?.at ?? Date.now() };
}
