import { type CommandName, type CommandSpec, commands, type MessageView, type Sent } from '@flotilla/contracts';
import { readMessage } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { accept, type CommandRequest } from '../acceptance.ts';
import type { Target } from '../acceptor.ts';
import { idempotencyKey } from '../idempotency.ts';
import { isIdentifier } from '../identifier.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { fileErrors, takesFiles } from '../media-input.ts';
import type { Parts, Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { tenantOf } from '../plugins/access.ts';
import { multipartBodies } from '../plugins/multipart.ts';
import { longestWaitSeconds, preferredWait } from '../prefer.ts';

const CommandHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out',
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

/** What becomes of a message, as the answer to sending it. */
const toSent = ({ messageId, instance, to, status, error }: MessageView): Sent => ({
  messageId,
  instance,
  to,
  status,
  error: error && `${error.code}: ${error.message}`,
});

/** Whether WhatsApp has a message, or never will. */
const isSettled = ({ status }: MessageView) => status !== 'queued' && status !== 'sending';

/**
 * Which instance a path names. One that is named by its id is not looked up: whose it is, and whether it is there, is
 * checked by what accepts the command.
 */
async function targetOf(parts: Parts, request: FastifyRequest, name: string): Promise<Target> {
  const isId = name.startsWith('ins_') && isIdentifier(name);
  return isId ? { id: name, tenant: tenantOf(request) } : findInstance(parts, request, name);
}

/**
 * Accepts a command and answers it: 202 with its state, or if the client prefers to wait and it settles in time,
 * 200 with what became of it.
 */
async function answer(parts: Parts, name: CommandName, request: FastifyRequest, reply: FastifyReply): Promise<Sent> {
  const { redis, changes, closing } = parts;
  const target = await targetOf(parts, request, (request.params as Static<typeof InstanceParams>).instance);
  const { id } = target;
  const command: CommandRequest = {
    name,
    body: request.body as CommandRequest['body'],
    idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
  };
  const { sent, replayed } = await accept(parts, target, command);
  if (replayed) reply.header('idempotency-replayed', 'true');
  reply.code(202);

  const seconds = preferredWait(request.headers.prefer);
  if (seconds === 0) return sent;
  reply.header('preference-applied', `wait=${seconds}`);
  let latest: MessageView | undefined;
  const look = async () => {
    latest = await readMessage(redis, id, sent.messageId);
    return latest && isSettled(latest) ? latest : undefined;
  };
  const settled = await changes.waitFor(id, look, { timeoutMs: seconds * 1_000, signal: patience(reply, closing) });
  if (settled) reply.code(200);
  return latest ? toSent(latest) : sent;
}

/** One route for each command of contracts. */
export const commandRoutes: Routes = async (app, parts) => {
  await app.register(multipartBodies, { media: parts.media });
  for (const [name, spec] of Object.entries(commands) as [CommandName, CommandSpec][]) {
    app.post(
      `/v1/instances/:instance${spec.path}`,
      {
        ...(takesFiles(spec.body) ? { bodyLimit: parts.inlineBodyBytes } : {}),
        config: {
          access: 'messages:send',
          takesFiles: takesFiles(spec.body),
          errors: [
            'INSTANCE_NOT_FOUND',
            'BAD_RECIPIENT',
            'INSTANCE_NOT_PAIRED',
            'IDEMPOTENCY_KEY_REUSED',
            ...(takesFiles(spec.body) ? fileErrors : []),
          ],
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
      (request, reply) => answer(parts, name, request, reply),
    );
  }
};
