import createError from '@fastify/error';
import { type Group, GroupRefusal } from '../groups/group.ts';
import type { Network } from '../network.ts';

const GroupNotFound = createError('GROUP_NOT_FOUND', 'No group has the id %s', 404);

/** The group of a JID or of its digits. Throws 404. */
export function groupOf(network: Network, id: string): Group {
  const group = network.groups.find(id);
  if (!group) throw new GroupNotFound(id);
  return group;
}

/** A refusal of the service becomes an error of the admin API with the same code. */
export function attempt<T>(action: () => T): T {
  const refused = (error: unknown) =>
    error instanceof GroupRefusal ? new (createError('GROUP_REFUSED', '%s', error.code))(error.message) : error;
  try {
    const result = action();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw refused(error);
    }) as T;
  } catch (error) {
    throw refused(error);
  }
}
