import type { InstanceSettings } from '@flotilla/contracts';
import { AliasTakenError, type StoredInstance } from '@flotilla/instance';
import { apiError } from '../errors.ts';
import { connectInstance } from '../instance-control.ts';
import type { Parts } from '../parts.ts';

/** What a dialect may call an instance: an alias, as contracts have it. */
const aliasForm = /^(?!ins_)[A-Za-z0-9_-]{1,64}$/;

/** What a dialect calls an instance; one without an alias, which no dialect has made, by its id. */
export const nameOf = ({ alias, id }: StoredInstance): string => alias ?? id;

/** A new instance as a dialect describes it. */
export interface NamedInstance {
  /** Becomes its alias. */
  name: string;
  /** Shown to people; the name unless it is given. */
  label?: string | undefined;
  metadata?: Record<string, string>;
  settings?: InstanceSettings;
}

/**
 * Creates an instance under a name, and connects it.
 * @param field the request's field that has the name, for the error
 * @throws VALIDATION, ALIAS_TAKEN
 */
export async function createNamed(
  parts: Pick<Parts, 'instances' | 'queues'>,
  tenant: string,
  { name, label = name, metadata, settings }: NamedInstance,
  field: string,
): Promise<StoredInstance> {
  if (!aliasForm.test(name))
    throw apiError(
      'VALIDATION',
      `${field}: must have 1 to 64 letters, digits, "_" and "-", and not begin with "ins_": it becomes part of URLs`,
    );
  const created = await parts.instances
    .create({
      tenant,
      name: label.slice(0, 100),
      alias: name,
      ...(metadata && { metadata }),
      ...(settings && { settings }),
    })
    .catch((error: unknown) => {
      throw error instanceof AliasTakenError ? apiError('ALIAS_TAKEN', error.alias) : error;
    });
  await connectInstance(parts, created.id);
  return (await parts.instances.get(created.id)) ?? created;
}

/** All instances of a tenant, oldest first: these services know no pages. */
export async function allInstances({ instances }: Pick<Parts, 'instances'>, tenant: string): Promise<StoredInstance[]> {
  const all: StoredInstance[] = [];
  let cursor: { score: number; member: string } | undefined;
  do {
    const { items, next } = await instances.list(tenant, { limit: 200, ...(cursor && { cursor }) });
    all.push(...items);
    cursor = next;
  } while (cursor);
  return all;
}
