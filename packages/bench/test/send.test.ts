import { expect, it } from 'vitest';
import { benchSend } from '../src/send/send.ts';
import { timeByStage } from '../src/send/stages.ts';

it('bare Baileys and a worker send every message, and it is found what each costs', { timeout: 180_000 }, async () => {
  const { bare, ours, stages } = await benchSend({ instances: 2, count: 60, warmUp: 20, rounds: 1, log: () => {} });
  expect(bare[0]?.cpuMs).toBeGreaterThan(0);
  expect(ours[0]?.perSecond).toBeGreaterThan(1);
  expect(ours[0]?.workerMs).toBeGreaterThan(0);
  expect(ours[0]?.commands).toBeGreaterThan(5);
  expect([...stages.keys()]).toEqual(expect.arrayContaining(['encryption', 'socket', 'queue']));
});

it('time in what belongs to nobody counts for whoever has called it', () => {
  const frame = (url: string, functionName = 'f') => ({ functionName, url });
  const found = timeByStage({
    nodes: [
      { id: 1, callFrame: frame('', '(root)'), children: [2, 5] },
      { id: 2, callFrame: frame('file:///x/apps/connection-worker/src/instance-store.ts'), children: [3] },
      { id: 3, callFrame: frame('file:///x/node_modules/ioredis/built/Redis.js'), children: [4] },
      { id: 4, callFrame: frame('node:net') },
      { id: 5, callFrame: frame('', '(idle)') },
    ],
    samples: [4, 3, 2, 5],
    timeDeltas: [1_000, 2_000, 3_000, 9_000],
  });
  expect(Object.fromEntries(found)).toEqual({ 'journal, history, events': 6 });
});
