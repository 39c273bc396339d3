import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BenchResult, Table } from '../bench.ts';
import { shown } from '../measure/statistics.ts';
import { assumedUnits, type Demand, type Needs, needsOf, type Units } from './large-fleets.ts';
import { type UnitCost, type UnitName, unitCosts } from './unit-costs.ts';

const page = fileURLToPath(new URL('../../../../docs/scaling.md', import.meta.url));

/** Results of benchmarks by name, as they were kept, and how tables are shown. */
interface Sources {
  results: ReadonlyMap<string, Pick<BenchResult, 'tables'>>;
  markdownTable(table: Pick<Table, 'columns' | 'rows'>): string;
}

/** What a benchmark says of a unit, if it was kept and says so. */
function measured({ measuredBy }: UnitCost, results: Sources['results']): number | undefined {
  if (measuredBy === undefined) return undefined;
  const table = results.get(measuredBy.bench)?.tables.find(({ title }) => title === measuredBy.table);
  const column = table?.columns.indexOf(measuredBy.column) ?? -1;
  const row = table?.rows.findLast(([label]) => measuredBy.row === undefined || label === measuredBy.row);
  const cell = row?.[column];
  return typeof cell === 'number' ? cell * (measuredBy.factor ?? 1) : undefined;
}

const names = Object.keys(unitCosts) as UnitName[];
const unitOf = (name: UnitName): UnitCost => unitCosts[name];

function unitTable({ results, markdownTable }: Sources): string {
  return markdownTable({
    columns: ['unit', 'costs', 'from'],
    rows: names.map((name) => {
      const unit = unitOf(name);
      const found = measured(unit, results);
      const origin = found === undefined ? unit.origin : `\`pnpm bench ${unit.measuredBy?.bench}\``;
      return [unit.what, `${shown(found ?? unit.value)} ${unit.unit}`.trim(), origin];
    }),
  });
}

/** Values of all units: measured ones, where a benchmark has said something. */
function unitsFrom({ results }: Sources): Units {
  const units = assumedUnits();
  for (const name of names) units[name] = measured(unitOf(name), results) ?? units[name];
  return units;
}

const demands: readonly Demand[] = [0, 1].flatMap((perMinute) =>
  [10_000, 100_000, 1_000_000].map((instances) => ({ instances, perMinute })),
);

const lines: readonly [string, (needs: Needs, demand: Demand) => number | string][] = [
  ['connection workers', ({ workers }) => workers],
  ['their cores', ({ workerCores }) => workerCores],
  ['their memory (GB)', ({ workerGb }) => workerGb],
  ['gateways', ({ gateways }) => gateways],
  ['webhook workers', ({ webhookWorkers }) => webhookWorkers],
  ['Redis masters', ({ redisMasters }) => redisMasters],
  ['their memory, with history (GB)', ({ redisGb }) => redisGb],
  ['cores of Redis in use', ({ redisCores }) => redisCores],
  ['Redis commands a second', ({ commandsPerSecond }) => Math.round(commandsPerSecond)],
  ['connections of each master', ({ connectionsPerMaster }) => connectionsPerMaster],
  ['to and from Redis (Mbit/s)', ({ redisMbit }) => redisMbit],
  ['to and from WhatsApp and webhooks (Mbit/s)', ({ outsideMbit }) => outsideMbit],
  ['logins a second (`LOGINS_PER_SECOND`)', ({ loginsPerSecond }) => Math.floor(loginsPerSecond)],
  ['all open again after everything was down (min)', ({ loginMinutes }) => loginMinutes],
  ['a month (USD)', ({ price }) => Math.round(price)],
  ['a month and instance (US cents)', ({ price }, { instances }) => (price / instances) * 100],
];

function modelTable(sources: Sources): string {
  const units = unitsFrom(sources);
  const title = ({ instances, perMinute }: Demand) => `${shown(instances)} ${perMinute === 0 ? 'idle' : 'busy'}`;
  return sources.markdownTable({
    columns: ['', ...demands.map(title)],
    rows: lines.map(([name, of]) => [name, ...demands.map((demand) => of(needsOf(demand, units), demand))]),
  });
}

function simulationTables({ results, markdownTable }: Sources): string {
  const tables = results.get('placement')?.tables ?? [];
  if (tables.length === 0) return 'Nothing was kept yet: `pnpm bench placement --keep`.';
  return tables.map((table) => `${table.title}:\n\n${markdownTable(table)}`).join('\n\n');
}

/** Puts something between two markers of the page. */
function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: made by pnpm bench --page -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/scaling.md has no place for ${name}`);
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}

/** docs/scaling.md with its tables made anew. The text around them is written by hand. */
export async function scalingPage(sources: Sources): Promise<string> {
  let text = await readFile(page, 'utf8');
  text = between(text, 'model', modelTable(sources));
  text = between(text, 'units', unitTable(sources));
  return between(text, 'simulation', simulationTables(sources));
}
