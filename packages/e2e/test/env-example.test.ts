import { describe, expect, test } from 'vitest';
import { apps, appsWith, variableNames } from './app-schemas.ts';
import { readText } from './repository.ts';

/** One variable of `.env.example`. */
interface Entry {
  name: string;
  value: string;
  isCommentedOut: boolean;
  /** The line above it. */
  comment: string;
}

const lines = readText('.env.example').split('\n');
const entries = lines.flatMap((line, index): Entry[] => {
  const [, mark, name, value] = /^(#?)([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) return [];
  return [{ name, value, isCommentedOut: mark === '#', comment: lines[index - 1] ?? '' }];
});

describe('.env.example', () => {
  test('has every variable of every app once, and no other', () => {
    expect(entries.map(({ name }) => name).sort()).toEqual([...variableNames].sort());
  });

  test.each(entries)('says in one line what $name is and which apps read it', ({ name, comment }) => {
    expect(comment).toMatch(/^# [A-Z].{15,}/);
    const named = [...comment.matchAll(/\(([a-z, -]+)\)/g)].flatMap(([, list = '']) => list.split(', '));
    expect(named.sort()).toEqual(appsWith(name).sort());
  });

  test.each(entries)('shows the default of $name, or asks for a value', ({ name, value, isCommentedOut, comment }) => {
    const defaults = appsWith(name).map((app) => ({ app, ...apps.get(app)?.get(name) }));
    const isRequired = defaults.some((variable) => variable.isRequired);
    expect(isCommentedOut).toBe(!isRequired);
    if (isRequired) return;
    const distinct = new Set(defaults.map((variable) => String(variable.default ?? '')));
    if (distinct.size === 1) expect([value]).toEqual([...distinct]);
    // Where apps differ, the comment names each default before the apps that have it.
    else
      for (const { app, default: own } of defaults) expect(comment).toMatch(new RegExp(`${own} \\([^)]*\\b${app}\\b`));
  });
});
