import type { InstanceSettings, RequestInput, RequestName, RequestResult } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { SendContext } from '../commands/handler.ts';
import type { InstanceStore } from '../instance-store.ts';

/** What a request works with. */
export interface RequestContext extends SendContext {
  redis: Redis;
  settings: InstanceSettings;
  store: InstanceStore;
}

/**
 * Asks WhatsApp and gives what the route answers.
 * Phone numbers in the input have become JIDs.
 * @throws RequestError with what the tenant is to be told
 */
export type RequestHandler<N extends RequestName> = (
  input: RequestInput<N>,
  context: RequestContext,
) => Promise<RequestResult<N>>;
