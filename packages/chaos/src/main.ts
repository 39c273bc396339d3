import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type Arguments, parseArguments, usage, WrongArguments } from './arguments.ts';
import { planOf } from './performance.ts';
import { billOf, runProgramme } from './programme.ts';
import type { Scenario, Scope } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { summaryOf, tableOf } from './table.ts';

/** @returns the exit code: 0 if every promise was kept, 1 if one was broken, 2 if the command was wrong */
async function main(): Promise<number> {
  let given: Arguments;
  let chosen: Scenario[];
  try {
    given = parseArguments(process.argv.slice(2));
    chosen = choose(given);
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (given.only === 'help') console.log(usage);
  else if (given.only === 'list')
    for (const { name, summary } of scenarios) console.log(`${name.padEnd(18)}${summary}`);
  else return play(given, chosen);
  return 0;
}

/** The named scenarios; without a name all but the smoke test that make sense on this Redis. */
function choose({ scenarios: names, redis }: Arguments): Scenario[] {
  const fitting = scenarios.filter(({ redis: kinds = [redis] }) => kinds.includes(redis));
  const all = fitting.filter(({ name }) => name !== 'smoke');
  if (names.length === 0 || (names.length === 1 && names[0] === 'soak')) return all;
  return names.map((name) => {
    const found = scenarios.find((scenario) => scenario.name === name);
    if (!found)
      throw new WrongArguments(
        `There is no scenario ${name}: name one of ${scenarios.map((one) => one.name).join(', ')}`,
      );
    if (!fitting.includes(found)) throw new WrongArguments(`${name} makes no sense with --redis ${redis}`);
    return found;
  });
}

async function play(given: Arguments, chosen: Scenario[]): Promise<number> {
  const { seed = Math.floor(Math.random() * 2 ** 31), instances, workers, minutes, redis, rate, inbound, out } = given;
  const form = given.long || given.scenarios[0] === 'soak' ? 'long' : 'short';
  const scope: Scope = { form, instances, workers, redis };
  console.log(`seed ${seed}`);
  if (given.only === 'plan') {
    for (const { scenario, round } of billOf({ scenarios: chosen, seed })) {
      if (round > 0) break;
      console.log(`${scenario.name}\n${planOf(scenario, seed, scope).map(lineOf).join('\n')}`);
    }
    return 0;
  }
  const stopping = new AbortController();
  process.once('SIGINT', () => {
    console.error('Stops after this scenario; once more stops at once.');
    stopping.abort();
  });
  const logs = given.logs === undefined ? undefined : createWriteStream(given.logs);
  const reports = await runProgramme({
    scenarios: chosen,
    scope,
    seed,
    minutes,
    traffic: { sendsPerSecond: rate, inboundPerSecond: inbound },
    log: given.verbose ? (text) => console.error(text) : undefined,
    appLog: logs && ((app, line) => void logs.write(`${app} ${line}\n`)),
    report: (report) => console.log(`${tableOf(report)}\n`),
    signal: stopping.signal,
  });
  logs?.end();
  const kept = reports.every((report) => report.kept);
  if (reports.length > 1) console.log(summaryOf(reports));
  console.log(`\nseed ${seed}: ${kept ? 'every promise was kept' : 'a promise was BROKEN'}`);
  if (out !== undefined) await writeFile(out, `${JSON.stringify({ seed, scope, kept, reports }, undefined, 2)}\n`);
  return kept ? 0 : 1;
}

const lineOf = ({ after, what }: { after: number; what: string }) => `  ${after} s later: ${what}`;

process.exitCode = await main();
