import type { RequestName } from '@flotilla/contracts';
import type { RequestHandler } from './handler.ts';
import { setPresence } from './presence.ts';

/** One for each request of the catalog. */
export const handlers: { [N in RequestName]?: RequestHandler<N> } = {
  'presence.set': setPresence,
};
