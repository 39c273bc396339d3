import { fleetKeys, instanceKeys } from '@flotilla/contracts';
import { type Acceptance, acceptCommands, type CommandToAccept, type StoredInstance } from '@flotilla/instance';
import type { Queues } from '@flotilla/queue';
import { type Confirmations, gatherCalls, type Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { GatewayFaultPoints } from './fault-points.ts';

/** Which instance a command is for, and whose that must be. */
export type Target = Pick<StoredInstance, 'id' | 'tenant'>;

interface Asked {
  target: Target;
  command: CommandToAccept;
}

/** So many commands of an instance are accepted in one step: Redis does nothing else meanwhile. */
const mostTogether = 50;

interface AcceptorOptions {
  redis: Redis;
  queues: Pick<Queues, 'markPending' | 'rouse'>;
  confirmations: Confirmations | undefined;
  faults: GatewayFaultPoints;
  log: Pick<Logger, 'warn'>;
}

export type Acceptor = ReturnType<typeof createAcceptor>;

/**
 * Accepts commands. Those that are asked for in the same round of the event loop are written together, in the order in
 * which they were asked for: an instance that sends much costs one script for all of them, and its owner is told once.
 * @returns accepts one; undefined if the tenant has no such instance. Where Redis has replicas, one of them has what was
 *   queued before that resolves. Rejects with NotReplicatedError, with which the message may be sent all the same
 */
export function createAcceptor({ redis, queues, confirmations, faults, log }: AcceptorOptions) {
  const acceptAt = async (target: Target, commands: readonly CommandToAccept[]) => {
    const unconfirmed = await confirmations?.begin(instanceKeys.journal(target.id, ''), fleetKeys.pending);
    const accepted = await acceptCommands(redis, target, commands);
    if (!accepted?.acceptances.some(({ status }) => status === 'queued')) return { accepted, lasting: undefined };
    faults.reach('crash-between-queue-and-wake-up');
    await Promise.all([
      // The sweep finds the instance by it if the wake-up gets lost between here and the owner.
      queues.markPending(target.id),
      // One that the tenant has stopped keeps its messages until it is connected again. A wake-up that fails must not make
      // an accepted message look refused.
      accepted.isWanted &&
        queues
          .rouse(target.id, 'requested', accepted.owner)
          .catch((error: Error) => log.warn({ cause: error.message }, 'rouse.failed')),
    ]);
    const lasting = unconfirmed?.confirm();
    lasting?.catch(() => {}); // Whoever has something queued hears of it.
    return { accepted, lasting };
  };

  return gatherCalls<Asked, Acceptance | undefined>((asked) => {
    const groups: { target: Target; commands: CommandToAccept[] }[] = [];
    const open = new Map<string, (typeof groups)[number]>();
    const places = asked.map(({ target, command }) => {
      const name = `${target.tenant} ${target.id}`;
      const known = open.get(name);
      const group = known && known.commands.length < mostTogether ? known : { target, commands: [] };
      if (group !== known) {
        groups.push(group);
        open.set(name, group);
      }
      return { group, index: group.commands.push(command) - 1 };
    });
    const results = new Map(groups.map((group) => [group, acceptAt(group.target, group.commands)] as const));
    return places.map(async ({ group, index }) => {
      const { accepted, lasting } = (await results.get(group)) ?? {};
      const acceptance = accepted?.acceptances[index];
      if (acceptance?.status === 'queued') await lasting;
      return acceptance;
    });
  });
}
