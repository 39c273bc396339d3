import type { RequestInput, RequestName, RequestResult } from '@flotilla/contracts';
import type { WASocket } from '@whiskeysockets/baileys';

/** What a request works with. */
export interface RequestContext {
  sock: WASocket;
  instance: string;
  tenant: string;
  /** Aborted when the connection is lost. */
  signal: AbortSignal;
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
