import { parseArgs } from 'node:util';
import { type Fleet, startFleet } from '@flotilla/fleet';
import { Steps } from './steps.ts';
import { type Told, tell } from './story.ts';

const write = (line: string) => process.stdout.write(`${line}\n`);

/** What one types to go on by oneself. */
function invitation(fleet: Fleet, { tenant, instance, recipient }: Told, live: boolean): string {
  const { url } = fleet.api;
  return `
Everything stays up. Ctrl-C ends it and leaves nothing behind.

  API documentation   ${url}/docs
  Bull Board          ${url}/admin/queues   (any user name, the operator key as password)

  export FLOTILLA_URL=${url}
  export OPERATOR_KEY=${fleet.operatorKey}
  export API_KEY=${tenant.key}${live ? '' : `\n  export SIMULATOR_URL=${fleet.simulator.url}`}

  curl -s ${url}/v1/instances/${instance}/messages/text \\
    -H 'authorization: Bearer ${tenant.key}' \\
    -H 'content-type: application/json' -H 'prefer: wait=10' \\
    -d '{"to":"${recipient}","text":"Hello again"}'
`;
}

const { values } = parseArgs({ options: { once: { type: 'boolean' }, live: { type: 'boolean' } } });
const { once = false, live = false } = values;
const steps = new Steps(write);
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
const interrupted = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));

let fleet: Fleet | undefined;
try {
  const what = live ? 'WhatsApp itself' : 'a simulated WhatsApp';
  steps.say(`Flotilla, with ${what}: gateway, two connection workers, webhook worker, Redis.\n`);
  const started = await steps.do(
    'Start everything',
    () => startFleet({ workers: 2, live, env: live ? { WEBHOOK_RETRY_SCHEDULE: undefined } : {} }),
    ({ api, redis }) => `API at ${api.url}, Redis at ${redis.url}`,
  );
  fleet = started;
  const told = await Promise.race([tell({ fleet: started, steps, live }), interrupted]);
  if (told && !once) {
    steps.say(invitation(started, told, live));
    await interrupted;
  }
} catch (error) {
  process.exitCode = 1;
  if (!ending.signal.aborted) {
    process.stderr.write(`\nThe tour ended early. ${error instanceof Error ? error.message : String(error)}\n`);
    if (fleet) process.stderr.write(`\n${fleet.lastLines(10)}\n`);
  }
}
await fleet?.stop().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
if (process.exitCode === undefined) steps.say(once ? '\nAll steps passed.' : '\nEnded; no process is left.');
process.exit();
