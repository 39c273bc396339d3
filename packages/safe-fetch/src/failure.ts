import { AddressRefusedError, ConnectError } from './errors.ts';

/** What a request failed of: the guard's refusal if it is anywhere in the error, else the connection. */
export function failureOf(error: unknown): AddressRefusedError | ConnectError {
  return refusalIn(error) ?? new ConnectError(error);
}

/** undici and Node wrap what a resolver throws, the latter once per address family. */
function refusalIn(error: unknown): AddressRefusedError | undefined {
  if (error instanceof AddressRefusedError) return error;
  if (error instanceof AggregateError) return error.errors.map(refusalIn).find(Boolean);
  return error instanceof Error && error.cause ? refusalIn(error.cause) : undefined;
}
