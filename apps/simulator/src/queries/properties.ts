import { node } from '../wire/node.ts';
import type { QueryHandler } from './query.ts';

/** `abt`: the switches by which the service steers its clients; those that clients here look at. */
export const answerProperties: QueryHandler = () => [
  node(
    'props',
    { protocol: 1, hash: 'sim' },
    ['10518', '9666', '14303'].map((code) => node('prop', { config_code: code, config_value: 'true' })),
  ),
];
