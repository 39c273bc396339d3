import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Bench, type BenchResult, isMet, type Table, type Target } from './bench.ts';
import { shown, withSpread } from './measure/statistics.ts';
import { scalingPage } from './placement/scaling-page.ts';

const folder = (name: string) => fileURLToPath(new URL(`../${name}/`, import.meta.url));
const page = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));
const scaling = fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url));

/** Where and when something was measured. */
interface Occasion {
  /** ISO date. */
  date: string;
  machine: string;
}

/** A change that made something cheaper: a file of `packages/bench/improvements`. */
interface Improvement {
  title: string;
  /** What was changed and why that helps, in a sentence or two. */
  what: string;
  /** What was measured, and how. */
  measure: string;
  before: string;
  after: string;
}

type Kept = BenchResult & { occasion: Occasion };

/** This machine, now. */
function occasionNow(): Occasion {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${cpu?.model.trim() || process.arch}), ${gib} GiB, Linux ${release()}, Node ${process.versions.node}`,
  };
}

const shownLimit = ({ relation, limit, unit }: Target) => `${relation} ${shown(limit)}${unit && ` ${unit}`}`;

/** A table as Markdown shows it. */
function markdownTable({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? shown(cell) : cell)).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

const targetTable = (targets: readonly Target[]) =>
  markdownTable({
    columns: ['target', 'aim', 'measured', 'met'],
    rows: targets.map((target) => [
      target.name,
      shownLimit(target),
      `${withSpread(target.rounds ?? [target.value])}${target.unit && ` ${target.unit}`}`,
      isMet(target) ? 'yes' : '**no**',
    ]),
  });

/** What came of a benchmark, as Markdown without its heading. */
export function markdownResult({ tables, targets, notes, invalid }: BenchResult): string {
  return [
    ...(invalid === undefined ? [] : [`**These figures are void:** ${invalid}`]),
    ...(targets.length > 0 ? [targetTable(targets)] : []),
    ...tables.flatMap((table) => [`${table.title}:`, markdownTable(table)]),
    ...notes,
  ].join('\n\n');
}

/** Keeps what came of a benchmark, for the page. */
export async function keepResult(name: string, result: BenchResult): Promise<void> {
  const kept: Kept = { occasion: occasionNow(), ...result };
  await mkdir(folder('results'), { recursive: true });
  await writeFile(`${folder('results')}${name}.json`, `${JSON.stringify(kept, undefined, 2)}\n`);
}

async function readJson<T>(directory: string): Promise<Map<string, T>> {
  // Git keeps no empty folder.
  const all = existsSync(folder(directory)) ? await readdir(folder(directory)) : [];
  const files = all.filter((file) => file.endsWith('.json')).sort();
  const read = files.map(
    async (file) => [file.slice(0, -5), JSON.parse(await readFile(folder(directory) + file, 'utf8')) as T] as const,
  );
  return new Map(await Promise.all(read));
}

/**
 * The page of all benchmarks, made from what was kept of each when it was last run, and from the improvements.
 * @returns Markdown
 */
export async function benchmarksPage(benches: readonly Bench[]): Promise<string> {
  const results = await readJson<Kept>('results');
  const improvements = await readJson<Improvement>('improvements');
  const sections = benches.flatMap(({ name, title, about }) => {
    const kept = results.get(name);
    const measured = kept ? `Measured on ${kept.occasion.date}: ${kept.occasion.machine}.` : 'Not measured yet.';
    return [`## ${title}`, about, `\`pnpm bench ${name}\`. ${measured}`, ...(kept ? [markdownResult(kept)] : [])];
  });
  const shownImprovements = [...improvements.values()].flatMap(({ title, what, measure, before, after }) => [
    `### ${title}`,
    what,
    markdownTable({ columns: [measure, ''], rows: [['before', before], ['after', after]] }), // biome-ignore format: a line each
  ]);
  const parts = [
    '# Benchmarks',
    '<!-- Made by `pnpm bench --page` from packages/bench/results and packages/bench/improvements: change those. -->',
    'What Flotilla costs. Every figure is compared with a baseline that was measured in the same run on the same machine, and ' +
      'processor time comes before rates: a shared machine slows both alike. Where there were several rounds, the median is shown, with ' +
      'the least and the greatest. Redis, the simulator and whatever makes the traffic are processes of their own, on the same cores.',
    'Anyone can repeat it: `pnpm bench` runs all, `pnpm bench <name>` one, with `--short` in seconds to see that it works, with ' +
      '`--keep` to have its figures on this page.',
    ...sections,
    ...(shownImprovements.length > 0 ? ['## What was made cheaper', ...shownImprovements] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** docs/scaling.md with its tables made from what was kept. */
export const scalingPageNow = async (): Promise<string> =>
  scalingPage({ results: await readJson<Kept>('results'), markdownTable });

/** Writes the pages into docs. */
export async function writePage(benches: readonly Bench[]): Promise<void> {
  await writeFile(page, await benchmarksPage(benches));
  await writeFile(scaling, await scalingPageNow());
}
