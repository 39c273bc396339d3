import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { Command, Tamper } from './gate.ts';

/** Guards that can be left out, to see that the model finds it. */
export const breaks = [
  /** `claim.lua` gets whatever is there as what the caller expects. */
  'a claim that compares nothing',
  /** `fenced-write.lua` gets the present owner's fence, whoever writes. */
  'a write without fence',
  /** What the last owner was working on stays where it is. */
  'a takeover that reclaims nothing',
  /** A message that the server has is taken for one that it may not have. */
  'a lane that forgets acknowledgements',
  /** Tokens of events are never found again. */
  'events without tokens',
  /** Whoever takes over needs no proof of death. */
  'takes over from the living',
  'a new id for each send',
  'a receipt before storing',
  'a cursor that rises first',
] as const;

export type Break = (typeof breaks)[number];

/** What was seen that must never be. */
export type Violations = string[];

const hashOf = (path: string) =>
  createHash('sha1')
    .update(readFileSync(new URL(`../../../../packages/${path}`, import.meta.url), 'utf8'))
    .digest('hex');
const scripts = new Map([
  [hashOf('lease/src/lua/claim.lua'), 'claim'],
  [hashOf('lease/src/lua/fenced-write.lua'), 'write'],
  [hashOf('queue/src/reclaim.lua'), 'reclaim'],
  [hashOf('queue/src/look.lua'), 'look'],
]);

/** Which of our scripts a command runs, its first key's instance, and where its arguments begin. */
function scriptOf({ name, args }: Command) {
  const [code, count] = args.map(String);
  if (code === undefined || (name !== 'evalsha' && name !== 'eval')) return undefined;
  const script = scripts.get(name === 'eval' ? createHash('sha1').update(code).digest('hex') : code);
  const instance = /\{(.+?)\}/.exec(String(args[2]))?.[1];
  return script && instance ? { script, instance, argsAt: 2 + Number(count) } : undefined;
}

/**
 * Stands between a process and Redis: leaves a guard out if it is told to, and holds what passes against who owns the
 * instance at that very moment.
 */
export function createTamper(
  { redis, broken, violations }: { redis: Redis; broken: Break | undefined; violations: Violations },
  incarnation: string,
): { tamper: Tamper; onDone(command: Command): Promise<void> } {
  const tamper: Tamper = async (command) => {
    const { args } = command;
    const found = scriptOf(command);
    if (!found) return 'send';
    const { script, instance, argsAt } = found;
    if (broken === 'a lane that forgets acknowledgements' && script === 'look') {
      const [active, base] = [String(args[2]), String(args[argsAt])];
      const newest = await redis.lindex(active, 0);
      const fields = newest && base ? await redis.hgetall(base + newest) : {};
      if (newest === null || fields.status !== 'acked') return 'send';
      const texts = Object.entries({ ...fields, status: 'sending' }).flat();
      return { answer: [await redis.llen(active), Buffer.from(newest), texts.map((text) => Buffer.from(text))] };
    }
    if (broken === 'a takeover that reclaims nothing' && script === 'reclaim') return { answer: 0 };
    if (broken === 'events without tokens' && script === 'write') {
      for (let at = 4; at < argsAt; at += 1)
        if (String(args[at]).includes(':once:')) args[at] = `${String(args[at])}:${randomUUID()}`;
    }
    const isOpen =
      (broken === 'a claim that compares nothing' && script === 'claim') ||
      (broken === 'a write without fence' && script === 'write');
    if (isOpen) {
      const { owner, epoch } = await redis
        .hmget(`fl:{${instance}}:own`, 'owner', 'epoch')
        .then(([owner, epoch]) => ({ owner: owner ?? '', epoch: epoch ?? '0' }));
      const at = script === 'claim' ? argsAt + 1 : argsAt;
      if (script === 'claim' || owner !== '') {
        args[at] = owner;
        args[at + 1] = epoch;
      }
    }
    return 'send';
  };
  return {
    tamper,
    async onDone(command) {
      const found = scriptOf(command);
      // Whoever claims owns nothing yet, and looking changes nothing.
      if (!found || found.script === 'claim' || found.script === 'look') return;
      const { owner } = await readOwnership(redis, found.instance);
      if (owner !== incarnation)
        violations.push(`${incarnation} has passed a ${found.script} on ${found.instance} of ${owner}`);
    },
  };
}
