import {
  type CommandName,
  type CommandSpec,
  commands,
  defaultTtlSeconds,
  messageId,
  type Sent,
} from '@flotilla/contracts';
import { readMessage, type StoredInstance } from '@flotilla/instance';
import type { FastifyError } from 'fastify';
import type { Target } from './acceptor.ts';
import { withAddresses } from './addresses.ts';
import { apiError } from './errors.ts';
import { fingerprint } from './idempotency.ts';
import { shown } from './identifier.ts';
import { stateInWords } from './instance-view.ts';
import { settleMedia, takesFiles } from './media-input.ts';
import type { Parts } from './parts.ts';
import { readRecipient } from './recipient.ts';

/** What any command may have in its body, beside fields of its own. */
interface CommandBody {
  to?: string;
  ttl?: number;
}

/** A command as a tenant asks for it; the body has been validated. */
export interface CommandRequest {
  name: CommandName;
  body: CommandBody;
  idempotencyKey: string | undefined;
}

/** Where a command goes that names no recipient: status updates. */
const statusJid = 'status@broadcast';

/** The body as it is queued: every address as JID, without what concerns only the queueing. */
function queuedBody({ ttl: _, to, ...body }: CommandBody): CommandBody & { to: string } {
  const recipient = to === undefined ? { jid: statusJid } : readRecipient(to);
  if ('reason' in recipient) throw apiError('BAD_RECIPIENT', recipient.reason);
  return { ...withAddresses(body), to: recipient.jid };
}

/** The same, for an instance that is looked for only if an address is none: of one that is not there nothing is said. */
async function addressed(parts: Pick<Parts, 'instances'>, target: Target, body: CommandBody) {
  try {
    return queuedBody(body);
  } catch (error) {
    const instance = await parts.instances.get(target.id);
    throw instance?.tenant === target.tenant ? error : apiError('INSTANCE_NOT_FOUND', shown(target.id));
  }
}

/** Whether messages of the instance can still arrive: a phone is linked, and WhatsApp has not ended the link. */
const isLinked = ({ paired, status }: StoredInstance) =>
  paired && !(status.state === 'closed' && (status.reason === 'logged-out' || status.reason === 'refused'));

/** Why nothing can be accepted for an instance that is not linked, or not there. */
async function refusal({ instances }: Pick<Parts, 'instances'>, { id, tenant }: Target): Promise<FastifyError> {
  const instance = await instances.get(id);
  return instance?.tenant === tenant
    ? apiError('INSTANCE_NOT_PAIRED', stateInWords(instance))
    : apiError('INSTANCE_NOT_FOUND', shown(id));
}

/** Refuses before files are stored what would be refused afterwards. */
async function assertAcceptable(parts: Pick<Parts, 'redis' | 'instances'>, target: Target, id: string | undefined) {
  const instance = await parts.instances.get(target.id);
  if (instance?.tenant === target.tenant && isLinked(instance)) return;
  // What was accepted while a phone was linked is answered with what became of it.
  if (instance?.tenant === target.tenant && id !== undefined && (await readMessage(parts.redis, target.id, id))) return;
  throw await refusal(parts, target);
}

/**
 * Accepts a command: journal, idempotency key and job in one step, then a wake-up. The message id is known before any of
 * it, so repeating the request goes on where it stopped, whatever was interrupted. Where Redis has replicas, one of them
 * has all of it before this resolves: what is accepted is not lost by a failover.
 * @returns the state of the message, and whether this very request had been accepted before
 * @throws BAD_RECIPIENT, INSTANCE_NOT_FOUND, INSTANCE_NOT_PAIRED, IDEMPOTENCY_KEY_REUSED, and like `settleMedia`;
 *   NotReplicatedError, with which the message may be sent all the same
 */
export async function accept(
  parts: Pick<Parts, 'redis' | 'instances' | 'media' | 'faults' | 'acceptor'>,
  target: Target,
  { name, body, idempotencyKey }: CommandRequest,
): Promise<{ sent: Sent; replayed: boolean }> {
  const queued = await addressed(parts, target, body);
  const { to } = queued;
  const id = messageId(target.id, idempotencyKey);
  // Files go into storage before anything is queued, and after all that may be refused without them. Their ids follow
  // from their content, and so does the fingerprint.
  const hasFiles = takesFiles((commands[name] as CommandSpec).body);
  if (hasFiles) await assertAcceptable(parts, target, idempotencyKey && id);
  const settled = hasFiles ? await settleMedia(parts.media, target.tenant, body) : body;
  const accepted = await parts.acceptor({
    target,
    command: {
      messageId: id,
      command: name,
      to,
      body: hasFiles ? queuedBody(settled) : queued,
      // Nobody can repeat a request that has no key.
      fingerprint: idempotencyKey === undefined ? '' : fingerprint(name, settled),
      ttlMs: (settled.ttl ?? defaultTtlSeconds) * 1_000,
    },
  });
  if (!accepted || accepted.outcome === 'unlinked') throw await refusal(parts, target);
  const { outcome, status } = accepted;
  if (outcome === 'conflict') throw apiError('IDEMPOTENCY_KEY_REUSED');
  parts.faults.reach('crash-between-queue-and-answer');
  return { replayed: outcome === 'replayed', sent: { messageId: id, instance: target.id, to, status } };
}
