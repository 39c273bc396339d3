import type { WebhookCase } from './webhook-cases.ts';
import { convoy } from './webhook-cases-convoy.ts';
import { outpost } from './webhook-cases-outpost.ts';
import { svixMessages } from './webhook-cases-svix.ts';
import { svixEndpoints } from './webhook-cases-svix-endpoints.ts';

/** The tests of other projects that have an equal here, by project. */
export const suites: [string, WebhookCase[]][] = [
  ['Svix', [...svixEndpoints, ...svixMessages]],
  ['Outpost', outpost],
  ['Convoy', convoy],
];

/** A table of the page that lists them: each by the name that it has there, with what holds here. */
export const tableOf = (cases: readonly WebhookCase[]) =>
  [
    '| their test | what holds here |',
    '| --- | --- |',
    ...cases.map(({ name, ours }) => `| ${/ /.test(name) ? name : `\`${name}\``} | ${ours}. |`),
  ].join('\n');
