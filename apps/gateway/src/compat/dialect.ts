import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { DialectName } from '@flotilla/contracts';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Parts } from '../parts.ts';
import type { ErrorShape } from '../plugins/errors.ts';
import type { EventDialect } from './subscription.ts';

/** Below this path every dialect has a path of its own. */
export const compatPath = '/compat';

/** What the routes of a dialect work with. */
export interface DialectParts extends Parts {
  /** The dialect's variables at the port that a request came in by; none for a request to the API's own port. */
  variablesOf(request: FastifyRequest): Readonly<Record<string, string>>;
  /** Where the dialect begins, as this client sees it: without a slash at the end. */
  baseUrlOf(request: FastifyRequest): string;
}

/** The routes of a dialect, as its document has them: without the path that they are mounted at. */
export type DialectRoutes = FastifyPluginAsyncTypebox<DialectParts>;

/** An older service whose API is spoken. It keeps nothing of its own: its names are aliases of instances. */
export interface Dialect {
  name: DialectName;
  /** For its description. */
  title: string;
  description: string;
  /** How it answers with an error. */
  errorShape: ErrorShape;
  /** The schema of that answer, for its description. */
  errorSchema: TSchema;
  /** Variables of the old service that a port may be given for it, beside `API_KEY`. */
  variables: readonly string[];
  /** The one of them that says where events are posted, and in which format. */
  events?: { variable: string; format: EventDialect };
  routes: DialectRoutes;
}
