/**
 * `pnpm bench [name…]`: what Flotilla costs, each figure beside that of a baseline in the same run. Without a name all
 * benchmarks are run. Exits with 1 if a target is missed, with 2 if figures are void.
 */
import { parseArgs } from 'node:util';
import { isMet } from './bench.ts';
import { benches } from './benches.ts';
import { keepResult, markdownResult, writePage } from './report.ts';

const usage = `pnpm bench [name…] [--short] [--keep] [--json] [--page]

  --short   some seconds each: shows that the instrument works, not how fast anything is
  --keep    keeps the figures and makes docs/benchmarks.md anew
  --json    writes the result of each as a line of JSON
  --page    only makes docs/benchmarks.md anew

${benches.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join('\n')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const unknown = positionals.filter((wanted) => !benches.some(({ name }) => name === wanted));
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no benchmark "${unknown.join('", "')}".\n`);
  console.log(usage);
  process.exit(unknown.length > 0 ? 64 : 0);
}

if (!values.page) {
  const chosen = positionals.length > 0 ? benches.filter(({ name }) => positionals.includes(name)) : benches;
  for (const { name, title, run } of chosen) {
    console.log(`\n## ${title}\n`);
    const result = await run({ size: values.short ? 'short' : 'full', log: (line) => console.error(`  ${line}`) });
    console.log(markdownResult(result));
    if (values.json) console.log(JSON.stringify({ name, ...result }));
    if (values.keep && !values.short) await keepResult(name, result);
    if (result.invalid !== undefined) process.exitCode = 2;
    else if (!result.targets.every(isMet)) process.exitCode ??= 1;
  }
}
if (values.page || values.keep) await writePage(benches);
