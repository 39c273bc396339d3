import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { readText } from './repository.ts';
import { WebhookScene } from './webhook-scene.ts';
import { suites, tableOf } from './webhook-table.ts';

// Tests of other projects that do nothing but deliver webhooks, by the names that they have there, each done here through
// processes as they are deployed: an event comes in over WhatsApp, and a webhook worker posts it over HTTP.

let scene: WebhookScene;
const results: string[] = [];
beforeAll(async () => {
  scene = await WebhookScene.open();
});
afterEach(() => scene.clear());
afterAll(async () => {
  console.log(results.join('\n'));
  await scene?.stop();
});

describe.each(suites)('what %s tests', (of, cases) => {
  const rows = cases.map(({ name, ours, env, run }) => [name, ours, env, run] as const);
  it.each(rows)('%s: %s', async (name, ours, env, run) => {
    onTestFailed(() => console.error(scene.fleet.lastLines(12)));
    onTestFinished(({ task }) => {
      results.push(`${task.result?.state === 'pass' ? 'holds' : 'FAILS'} | ${of} | ${name} | ${ours}`);
    });
    await scene.useWorkers(env);
    await run(scene);
    expect(scene.workers.length).toBeGreaterThan(0);
  });
});

describe('docs/webhook-tests.md', () => {
  it.each(suites)('has what %s tests', (_of, cases) => {
    expect(readText('docs/webhook-tests.md')).toContain(`\n${tableOf(cases)}\n`);
  });
});
