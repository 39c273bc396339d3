import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiTypes } from '../generate/api-types.ts';
import { describeApi } from '../generate/description.ts';

it('has types that are those of the API: if not, run `pnpm -C packages/client generate`', async () => {
  const committed = readFileSync(new URL('../src/generated/api.ts', import.meta.url), 'utf8');
  const current = await apiTypes(await describeApi());
  const lines = new Set(committed.split('\n'));
  // What is new first: the whole of both would fill the screen.
  expect(current.split('\n').filter((line) => !lines.has(line))).toEqual([]);
  expect(current === committed).toBe(true);
});
