import { instanceKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

/** Proof of ownership that every write carries. The epoch is the fencing token: the highest one wins, for ever. */
export interface Fence {
  instance: string;
  /** Incarnation that claimed the instance. */
  owner: string;
  epoch: number;
}

export interface Ownership {
  /** Incarnation that owns the instance; '' when nobody does. */
  owner: string;
  /** Epoch of the latest claim; 0 before the first. */
  epoch: number;
}

export type Claim = { claimed: true; epoch: number } | ({ claimed: false } & Ownership);

const claimScript = defineScript(new URL('./lua/claim.lua', import.meta.url));
const releaseScript = defineScript(new URL('./lua/release.lua', import.meta.url));

/** Who owns an instance, without waiting for anybody: true only at the moment of reading. */
export async function readOwnership(redis: Redis, instance: string): Promise<Ownership> {
  const [owner, epoch] = await redis.hmget(instanceKeys.ownership(instance), 'owner', 'epoch');
  return { owner: owner ?? '', epoch: Number(epoch ?? 0) };
}

/**
 * Takes an instance over. The caller first makes sure that the expected owner is nobody, itself, or declared dead
 * (`declareDead` with `proof: false` answers that for any incarnation, forgotten ones too), and marks the instance with
 * `markHeld`. Afterwards it checks its own lease again: a worker that was declared dead in between releases at once.
 * @param expected owner and epoch as last read; the claim is refused if they have changed
 * @returns the new epoch, or the owner and epoch that stand in the way. If the answer to an earlier try got lost,
 * these name the caller itself: claim again with them.
 */
export async function claim(
  redis: Redis,
  instance: string,
  { incarnation, expected }: { incarnation: string; expected: Ownership },
): Promise<Claim> {
  if (incarnation === '') throw new RangeError('Nobody cannot claim an instance');
  const reply = await claimScript(
    redis,
    [instanceKeys.ownership(instance)],
    [incarnation, expected.owner, expected.epoch],
  );
  const [claimed, owner, epoch] = reply as [number, string, number | string];
  return claimed === 1 ? { claimed: true, epoch: Number(epoch) } : { claimed: false, owner, epoch: Number(epoch) };
}

/**
 * Gives an instance away, after its socket is closed and its writes are settled. Repeating it does no harm.
 * @returns false if it was not (or no longer) owned under this fence
 */
export async function release(redis: Redis, { instance, owner, epoch }: Fence): Promise<boolean> {
  return (await releaseScript(redis, [instanceKeys.ownership(instance)], [owner, epoch])) === 1;
}
