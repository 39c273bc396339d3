import createApiClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import { FlotillaError, retryAfterOf } from './errors.ts';
import type { paths } from './generated/api.ts';
import { repeatingFetch } from './repeat.ts';

export interface FlotillaOptions {
  /** Where the gateway is, such as `https://api.example.com`. */
  baseUrl: string;
  /** A key of your tenant. */
  apiKey: string;
  /** How often a request that may be repeated is repeated when it fails for a passing reason. Default 2. */
  retries?: number;
  /** What makes requests. Default: the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

type Arguments<Init> = RequiredKeysOf<Init> extends never ? [init?: Init] : [init: Init];

type Answer<Path extends keyof paths, Method extends HttpMethod, Init> = FetchResponse<
  Method extends keyof paths[Path] ? NonNullable<paths[Path][Method]> : never,
  Init,
  'application/json'
>;

/** What a call resolves with: everything but success is thrown. */
interface Success<Path extends keyof paths, Method extends HttpMethod, Init> {
  data: NonNullable<Answer<Path, Method, Init>['data']>;
  response: Response;
}

/**
 * Calls a path by one method, with `params` (`path`, `query`, `header`) and `body` as the API's description has them.
 * @throws FlotillaError for an answer that is no success; what `fetch` throws if there was none
 */
type Call<Method extends HttpMethod> = <
  Path extends PathsWithMethod<paths, Method>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: Arguments<Init>
) => Promise<Success<Path, Method, Init>>;

/** The API: each method takes the paths that have it. */
export interface Flotilla {
  GET: Call<'get'>;
  POST: Call<'post'>;
  PUT: Call<'put'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
}

/** A client of the API, typed by its description. */
export function createFlotilla({
  baseUrl,
  apiKey,
  retries = 2,
  fetch: fetchOnce = (request) => globalThis.fetch(request),
}: FlotillaOptions): Flotilla {
  const client = createApiClient<paths>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${apiKey}` },
    fetch: repeatingFetch(fetchOnce, retries),
  });
  client.use({
    async onResponse({ response }) {
      if (response.ok) return;
      const body: unknown = await response.json().catch(() => undefined);
      throw new FlotillaError(response.status, body, retryAfterOf(response));
    },
  });
  // Errors never arrive as results, which its own types cannot know.
  return client as Flotilla;
}
