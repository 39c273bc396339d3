import {
  type CommandJob,
  type CommandName,
  type CommandSpec,
  commands,
  defaultTtlSeconds,
  type MessageView,
  messageId,
  type Sent,
  sha256,
} from '@flotilla/contracts';
import { acceptCommand, readMessage, type StoredInstance } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { apiError } from '../errors.ts';
import { fingerprint, idempotencyKey } from '../idempotency.ts';
import { findInstance, InstanceParams, stateInWords } from '../instance-view.ts';
import type { Parts, Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { longestWaitSeconds, preferredWait } from '../prefer.ts';
import { readRecipient } from '../recipient.ts';

const CommandHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it within a day sends nothing twice',
      examples: ['order-4711-shipped'],
    }),
  ),
  prefer: Type.Optional(
    Type.String({
      description: `\`wait=N\` holds the answer up to N (at most ${longestWaitSeconds}) seconds, until WhatsApp has acknowledged the message or it has failed`,
      examples: ['wait=10'],
    }),
  ),
});

/** What every command may have in its body, beside its own fields. */
interface CommandRequest {
  to?: string;
  ttl?: number;
}

/** The body as it is queued: the recipient as JID, without what concerns only the queueing. */
function queuedBody({ ttl: _, ...body }: CommandRequest): CommandRequest {
  if (body.to === undefined) return body;
  const recipient = readRecipient(body.to);
  if ('reason' in recipient) throw apiError('BAD_RECIPIENT', recipient.reason);
  return { ...body, to: recipient.jid };
}

/** Whether messages of the instance can still arrive: a phone is linked, or the link is only broken for a while. */
const isLinked = ({ paired, status }: StoredInstance) =>
  paired && !(status.state === 'closed' && (status.reason === 'logged-out' || status.reason === 'refused'));

/** What becomes of a message, as the answer to sending it. */
const toSent = ({ messageId, instance, to, status, error }: MessageView): Sent => ({
  messageId,
  instance,
  to,
  status,
  error: error && `${error.code}: ${error.message}`,
});

const isSettled = ({ status }: MessageView) => status !== 'queued' && status !== 'sending';

/**
 * Accepts a command: journal and idempotency key in one script, then the job, then a wake-up. The message id is known
 * before any of it, so whatever is interrupted in between, repeating the request continues where it stopped.
 */
async function accept(
  { redis, instances: _, queues }: Parts,
  instance: StoredInstance,
  name: CommandName,
  request: { body: CommandRequest; key: string | undefined },
) {
  const body = queuedBody(request.body);
  const id = messageId(instance.id, request.key);
  if (!isLinked(instance)) {
    // What was accepted while a phone was linked is answered with what became of it.
    const known = request.key !== undefined && (await readMessage(redis, instance.id, id));
    if (!known) throw apiError('INSTANCE_NOT_PAIRED', stateInWords(instance));
  }
  const now = Date.now();
  const acceptance = await acceptCommand(redis, {
    instance: instance.id,
    messageId: id,
    command: name,
    to: body.to ?? '',
    idempotencyKeyHash: request.key === undefined ? undefined : sha256(request.key),
    fingerprint: fingerprint(name, request.body),
    now,
    expiresAt: now + (request.body.ttl ?? defaultTtlSeconds) * 1_000,
  });
  if (acceptance.outcome === 'conflict') throw apiError('IDEMPOTENCY_KEY_REUSED');
  if (acceptance.status === 'queued') {
    const { acceptedAt, expiresAt } = acceptance;
    const job: CommandJob = { name, messageId: id, body, acceptedAt, expiresAt };
    await queues.addCommand(instance.id, job);
    // One that the tenant has stopped keeps its messages until it is connected again.
    if (instance.desired === 'connected') await queues.rouse(instance.id, 'requested');
  }
  return {
    replayed: acceptance.outcome === 'replayed',
    sent: { messageId: id, instance: instance.id, to: body.to ?? '', status: acceptance.status },
  };
}

async function answer(parts: Parts, name: CommandName, request: FastifyRequest, reply: FastifyReply): Promise<Sent> {
  const { instance: id } = request.params as Static<typeof InstanceParams>;
  const { redis, changes, closing } = parts;
  const instance = await findInstance(parts, request, id);
  const key = idempotencyKey(request.headers['idempotency-key']);
  const { replayed, sent } = await accept(parts, instance, name, { body: request.body as CommandRequest, key });
  if (replayed) reply.header('idempotency-replayed', 'true');
  reply.code(202);

  const seconds = preferredWait(request.headers.prefer);
  if (seconds === 0) return sent;
  reply.header('preference-applied', `wait=${seconds}`);
  const look = async () => {
    const message = await readMessage(redis, id, sent.messageId);
    return message && isSettled(message) ? message : undefined;
  };
  const settled = await changes.waitFor(id, look, { timeoutMs: seconds * 1_000, signal: patience(reply, closing) });
  const message = settled ?? (await readMessage(redis, id, sent.messageId));
  if (settled) reply.code(200);
  return message ? toSent(message) : sent;
}

/** One route for each command of contracts. */
export const commandRoutes: Routes = async (app, parts) => {
  for (const [name, spec] of Object.entries(commands) as [CommandName, CommandSpec][]) {
    app.post(
      `/v1/instances/:instance${spec.path}`,
      {
        config: {
          access: 'messages:send',
          errors: ['INSTANCE_NOT_FOUND', 'BAD_RECIPIENT', 'INSTANCE_NOT_PAIRED', 'IDEMPOTENCY_KEY_REUSED'],
        },
        schema: {
          operationId: name.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()),
          tags: ['Messages'],
          summary: spec.summary,
          description: spec.description,
          params: InstanceParams,
          headers: CommandHeaders,
          body: spec.body,
          response: { 200: spec.result, 202: spec.result },
        },
      },
      async (request, reply) => reply.send(await answer(parts, name, request, reply)),
    );
  }
};
