import { parseArgs } from 'node:util';
import type { RedisKind } from '@flotilla/fleet';

export const usage = `pnpm chaos [scenario…] [options]

Starts a fleet of real processes, sends numbered messages both ways, makes things go wrong, and then asks the simulator
and the webhook receiver what has become of each message. Without a scenario all of them in turn, in their short forms;
\`smoke\` is the shortest, \`soak\` is all of them in their long forms. Exits with 1 when a promise is broken.

  --seed N          decides about every fault; the same seed makes the same plan. Default: a random one
  --instances N     numbers, each with a contact of its own. Default 12
  --workers N       connection workers. Default 2
  --minutes M       go on from one scenario to the next for so long. Default: each once
  --rate N          messages per second each way, over all numbers. Default 20
  --inbound N       messages per second that contacts write, if it is not the same
  --redis KIND      single, cluster or sentinel. Default single
  --long            long forms
  --out FILE        writes the reports as JSON
  --plan            prints the plans and starts nothing
  --list            names the scenarios
  --logs FILE       writes what the apps log
  --verbose         tells what happens as it happens`;

/** What is wrong with a command, in a sentence. */
export class WrongArguments extends Error {}

export interface Arguments {
  scenarios: string[];
  seed: number | undefined;
  instances: number;
  workers: number;
  minutes: number | undefined;
  rate: number;
  inbound: number;
  redis: RedisKind;
  long: boolean;
  out: string | undefined;
  logs: string | undefined;
  only: 'plan' | 'list' | 'help' | undefined;
  verbose: boolean;
}

const options = {
  seed: { type: 'string' },
  instances: { type: 'string', default: '12' },
  workers: { type: 'string', default: '2' },
  minutes: { type: 'string' },
  rate: { type: 'string', default: '20' },
  inbound: { type: 'string' },
  redis: { type: 'string', default: 'single' },
  long: { type: 'boolean', default: false },
  out: { type: 'string' },
  logs: { type: 'string' },
  plan: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** @throws {WrongArguments} */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parsed(args);
  const number = (name: 'seed' | 'instances' | 'workers' | 'minutes' | 'rate' | 'inbound', least: number) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < least)
      throw new WrongArguments(`--${name} has to be a number, at least ${least}`);
    return value;
  };
  const kinds: readonly RedisKind[] = ['single', 'cluster', 'sentinel'];
  const redis = kinds.find((kind) => kind === values.redis);
  if (!redis) throw new WrongArguments(`--redis has to be one of ${kinds.join(', ')}`);
  const rate = number('rate', 0.1) ?? 20;
  return {
    scenarios: positionals,
    seed: number('seed', 0),
    instances: number('instances', 1) ?? 12,
    workers: number('workers', 1) ?? 2,
    minutes: number('minutes', 0.1),
    rate,
    inbound: number('inbound', 0.1) ?? rate,
    redis,
    long: values.long,
    out: values.out,
    logs: values.logs,
    only: values.help ? 'help' : values.list ? 'list' : values.plan ? 'plan' : undefined,
    verbose: values.verbose,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error));
  }
}
