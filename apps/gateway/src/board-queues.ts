import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Queues } from '@flotilla/queue';

/** How many instances' queues the board shows at a time: it counts the jobs of every queue it shows every few seconds. */
export const shownInstances = 10;

/** Fields of jobs that say neither what was written nor to whom. */
const harmless = new Set([
  'instance',
  'tenant',
  'endpoint',
  'reason',
  'name',
  'messageId',
  'acceptedAt',
  'expiresAt',
  'requestId',
]);

/** A job's data with everything blanked that is not known to be harmless: texts, phone numbers, what is yet to come. */
function redact(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data === null || data === undefined ? data : '[redacted]';
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => [field, harmless.has(field) ? value : '[redacted]']),
  );
}

/** A queue for the board. `group` is shown before its name, so that queues of the same name can be told apart. */
function toAdapter(queue: ReturnType<Queues['forBoard']>[number], group: string, readOnlyMode: boolean) {
  const adapter = new BullMQAdapter(queue, { readOnlyMode, prefix: `${group}.`, delimiter: '.' });
  adapter.setFormatter('data', redact);
  adapter.setFormatter('returnValue', redact);
  return adapter;
}

/**
 * Which queues the board shows: the fleet's always, those of an instance for as long as it is among the latest that
 * were asked for. With thousands of instances, showing all would load Redis and help nobody.
 * @param board where queues are added and removed
 */
export function createBoardQueues(
  queues: Pick<Queues, 'forBoard'>,
  board: { addQueue(adapter: BullMQAdapter): void; removeQueue(name: string): void },
) {
  /** Names of the queues on the board, by instance, the latest asked for last. */
  const shown = new Map<string, string[]>();

  return {
    /**
     * Puts an instance's queues on the board.
     * @returns what the board calls them
     */
    show(instance: string): string[] {
      let names = shown.get(instance);
      if (!names) {
        // Read only: their order is a promise, and a job that is retried by hand would be sent twice.
        const adapters = queues.forBoard(instance).map((queue) => toAdapter(queue, instance, true));
        for (const adapter of adapters) board.addQueue(adapter);
        names = adapters.map((adapter) => adapter.getName());
      }
      shown.delete(instance);
      shown.set(instance, names);
      for (const [oldest, itsNames] of shown) {
        if (shown.size <= shownInstances) break;
        shown.delete(oldest);
        for (const name of itsNames) board.removeQueue(name);
      }
      return names;
    },
    /** Instances whose queues are shown, the latest asked for last. */
    instances: () => [...shown.keys()],
  };
}

/** The fleet's own queues. */
export const fleetAdapters = (queues: Pick<Queues, 'forBoard'>) =>
  queues.forBoard().map((queue) => toAdapter(queue, 'fleet', false));
