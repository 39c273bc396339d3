import type { Instance, InstanceStatus } from '@flotilla/contracts';
import type { StoredInstance } from '@flotilla/instance';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { apiError } from './errors.ts';
import { isIdentifier, shown } from './identifier.ts';
import type { Parts } from './parts.ts';
import { tenantOf } from './plugins/access.ts';

export const InstanceParams = Type.Object({ instance: Type.String({ description: 'Id or alias of the instance' }) });

/**
 * The instance that a path names, if it is the caller's.
 * @throws INSTANCE_NOT_FOUND also for one of another tenant: its existence is none of the caller's business
 */
export async function findInstance(
  { instances }: Pick<Parts, 'instances'>,
  request: FastifyRequest,
  id: string,
): Promise<StoredInstance> {
  const instance = isIdentifier(id) ? await instances.find(tenantOf(request), id) : undefined;
  if (!instance) throw apiError('INSTANCE_NOT_FOUND', shown(id));
  return instance;
}

/**
 * The status to show. The record's is the word of the last lease holder; while there is none, one that was asked
 * to connect waits, whatever came before.
 */
export function statusOf({ status, desired, owner }: StoredInstance): InstanceStatus {
  const atRest = status.state === 'new' || (status.state === 'closed' && status.reason === 'stopped');
  return desired === 'connected' && owner === '' && atRest ? { state: 'waiting', since: status.since } : status;
}

/** An instance as the API shows it. */
export function toView(instance: StoredInstance): Instance {
  const { id, name, alias, metadata, createdAt, paired, settings, owner, epoch } = instance;
  return {
    id,
    name,
    alias,
    metadata,
    createdAt,
    paired,
    status: statusOf(instance),
    settings,
    worker: owner || undefined,
    epoch: epoch || undefined,
  };
}

/** The state in words, for error messages: `closed (logged-out)`. */
export function stateInWords(instance: StoredInstance): string {
  const { state, reason } = statusOf(instance);
  return reason ? `${state} (${reason})` : state;
}
