import type { InstanceSettings, RequestInput, RequestName, RequestResult } from '@flotilla/contracts';
import type { SendContext } from '../commands/handler.ts';
import type { Intake } from '../events/intake.ts';

/** What a request works with. */
export interface RequestContext extends SendContext {
  settings: InstanceSettings;
  /** Fetches the file of a message again; undefined once the connection is closed. */
  fetchAgain: Intake['fetchAgain'];
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
