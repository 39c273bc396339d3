import {
  type CommandJob,
  type CommandName,
  type CommandSpec,
  commands,
  defaultTtlSeconds,
  fleetKeys,
  instanceKeys,
  messageId,
  type Sent,
} from '@flotilla/contracts';
import { acceptCommand, readMessage, type StoredInstance } from '@flotilla/instance';
import type { FastifyBaseLogger } from 'fastify';
import { withAddresses } from './addresses.ts';
import { apiError } from './errors.ts';
import { fingerprint } from './idempotency.ts';
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

/** Whether messages of the instance can still arrive: a phone is linked, and WhatsApp has not ended the link. */
const isLinked = ({ paired, status }: StoredInstance) =>
  paired && !(status.state === 'closed' && (status.reason === 'logged-out' || status.reason === 'refused'));

/**
 * Accepts a command: journal and idempotency key in one script, then the job, then a wake-up. The message id is known
 * before any of it, so whatever is interrupted in between, repeating the request goes on where it stopped. Where Redis
 * has replicas, one of them has all of it before this resolves: what is accepted is not lost by a failover.
 * @returns the state of the message, and whether this very request had been accepted before
 * @throws BAD_RECIPIENT, INSTANCE_NOT_PAIRED, IDEMPOTENCY_KEY_REUSED, and like `settleMedia`; NotReplicatedError, with
 *   which the message may be sent all the same
 */
export async function accept(
  {
    redis,
    queues,
    media,
    faults,
    confirmations,
  }: Pick<Parts, 'redis' | 'queues' | 'media' | 'faults' | 'confirmations'>,
  instance: StoredInstance,
  asked: CommandRequest,
  log: FastifyBaseLogger,
): Promise<{ sent: Sent; replayed: boolean }> {
  const { name, idempotencyKey } = asked;
  const queued = queuedBody(asked.body);
  const { to } = queued;
  const id = messageId(instance.id, idempotencyKey);
  if (!isLinked(instance)) {
    // What was accepted while a phone was linked is answered with what became of it.
    const known = idempotencyKey !== undefined && (await readMessage(redis, instance.id, id));
    if (!known) throw apiError('INSTANCE_NOT_PAIRED', stateInWords(instance));
  }
  // Files go into storage before anything is queued, and after all that may be refused without them. Their ids follow
  // from their content, and so does the fingerprint.
  const hasFiles = takesFiles((commands[name] as CommandSpec).body);
  const settled = hasFiles ? await settleMedia(media, instance.tenant, asked.body) : asked.body;
  const unconfirmed = await confirmations?.begin(instanceKeys.journal(instance.id, id), fleetKeys.pending);
  const { outcome, status, acceptedAt, expiresAt } = await acceptCommand(redis, {
    instance: instance.id,
    messageId: id,
    command: name,
    to,
    fingerprint: fingerprint(name, settled),
    ttlMs: (settled.ttl ?? defaultTtlSeconds) * 1_000,
  });
  if (outcome === 'conflict') throw apiError('IDEMPOTENCY_KEY_REUSED');
  if (status === 'queued') {
    // Also for a replay: the first try may have ended between journal and queue. The job id makes it once.
    const job: CommandJob = {
      name,
      messageId: id,
      body: hasFiles ? queuedBody(settled) : queued,
      acceptedAt,
      expiresAt,
    };
    faults.reach('crash-between-journal-and-queue');
    await queues.addCommand(instance.id, job);
    // One that the tenant has stopped keeps its messages until it is connected again. A wake-up that fails must not
    // make an accepted message look refused: the sweep finds it.
    if (instance.desired === 'connected')
      await queues
        .rouse(instance.id, 'requested')
        .catch((error: Error) => log.warn({ cause: error.message }, 'rouse.failed'));
    await unconfirmed?.confirm();
  }
  faults.reach('crash-between-queue-and-answer');
  return { replayed: outcome === 'replayed', sent: { messageId: id, instance: instance.id, to, status } };
}
