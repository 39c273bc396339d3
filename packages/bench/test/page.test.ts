import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { benches } from '../src/benches.ts';
import { benchmarksPage, scalingPageNow } from '../src/report.ts';

it('docs/benchmarks.md is what `pnpm bench --page` makes', async () => {
  const page = await readFile(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8');
  expect(page).toBe(await benchmarksPage(benches));
});

it('the tables of docs/scaling.md are what `pnpm bench --page` makes', async () => {
  const page = await readFile(new URL('../../../docs/scaling.md', import.meta.url), 'utf8');
  expect(page).toBe(await scalingPageNow());
});
