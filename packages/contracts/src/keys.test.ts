import { describe, expect, test } from 'vitest';
import { endpointKeys, fleetKeys, instanceKeys, replicationMark, tenantKeys, workerKeys } from './keys.ts';
import { queues } from './queues.ts';

/** What Redis Cluster hashes of a key: the text between the first brace and the next closing one. */
const hashTag = (key: string) => /\{([^}]+)\}/.exec(key)?.[1];

/** All keys that a group makes for one owner. The second id carries a tag of its own, which must not count. */
const keysOf = (group: Record<string, (owner: string, other: string) => string>, owner: string) =>
  Object.values(group).map((key) => key(owner, 'x{other}'));

const groups = [
  { name: 'instance', group: instanceKeys, tag: 'a1' },
  { name: 'worker incarnation', group: workerKeys, tag: 'w:a1' },
  { name: 'tenant', group: tenantKeys, tag: 't:a1' },
  { name: 'webhook endpoint', group: endpointKeys, tag: 'e:a1' },
];

describe.each(groups)('keys of one $name', ({ group, tag }) => {
  test('share one slot', () => {
    expect([...new Set(keysOf(group, 'a1').map(hashTag))]).toEqual([tag]);
  });

  test('differ from each other and from those of any other', () => {
    const keys = [...keysOf(group, 'a1'), ...keysOf(group, 'a2')];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('an instance, a tenant, an endpoint and a worker of the same id share no key', () => {
  const keys = groups.flatMap(({ group }) => keysOf(group, 'a1'));
  expect(new Set(keys).size).toBe(keys.length);
});

test('a mark for replicas lies in the slot of what it stands for', () => {
  expect(hashTag(replicationMark(instanceKeys.record('a1')))).toBe('a1');
  expect(hashTag(replicationMark(queues.relay.prefix))).toBe('relay');
  // Without a tag, a key's slot is that of its whole text.
  expect(hashTag(replicationMark(fleetKeys.pending))).toBe(fleetKeys.pending);
});

test('the queues of an instance lie in its slot, those of the fleet in one each', () => {
  expect(hashTag(`${instanceKeys.queuePrefix('a1')}:${queues.commands}:wait`)).toBe('a1');
  expect([queues.connect, queues.relay, queues.turns].map(({ prefix }) => hashTag(prefix))).toEqual([
    'connect',
    'relay',
    'turns',
  ]);
});
