import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventPage } from '../generate/event-page.ts';
import { events } from '../src/index.ts';

test('docs/event-schemas.md has every event as it is: if not, run `pnpm -C packages/contracts generate`', () => {
  const page = readFileSync(new URL('../../../docs/event-schemas.md', import.meta.url), 'utf8');
  expect(page).toBe(eventPage());
  for (const type of Object.keys(events)) expect(page).toContain(`\n### \`${type}\`\n`);
});
