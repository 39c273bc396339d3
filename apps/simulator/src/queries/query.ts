import type { Device } from '../device.ts';
import type { Network } from '../network.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';

/** An `<iq>` of a linked client. */
export interface Query {
  network: Network;
  stream: ClientStream;
  device: Device;
  iq: BinaryNode;
  /** The first child, which says what is wanted. */
  wanted: BinaryNode | undefined;
  /** `get <tag>` or `set <tag>`. */
  action: string;
}

/** The children of the result, none for an empty one. Throws {@link QueryError}. */
export type QueryHandler = (query: Query) => BinaryNode[] | undefined | Promise<BinaryNode[] | undefined>;

/** The answer is an error with this code. 501 means that nobody here knows what is asked. */
export class QueryError extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** The server does not know what is asked. */
export function notImplemented(): QueryError {
  return new QueryError(501, 'feature-not-implemented');
}
