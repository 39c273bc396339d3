import type { RequestName } from '@flotilla/contracts';
import { DisconnectReason } from '@whiskeysockets/baileys';
import { RequestError, type Requester } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from '../requests/handler.ts';
import { handlers } from '../requests/index.ts';
import { withAppStateKey } from '../requests/just-linked.ts';

/** Asks over one open socket. */
export function createRequester(context: RequestContext): Requester {
  return {
    async ask({ name, requestId, input }) {
      const handler = handlers[name] as RequestHandler<RequestName>;
      try {
        return await withAppStateKey(context, () => handler(input as never, context));
      } catch (error) {
        throw toRequestError(error, requestId, context);
      }
    },
  };
}

/** What an error of Baileys means to the tenant. Its message is WhatsApp's and about this request alone. */
function toRequestError(error: unknown, requestId: string, { sock, signal }: RequestContext): unknown {
  if (error instanceof RequestError) return error;
  if (signal.aborted || !sock.ws.isOpen) return new RequestError('OUTCOME_UNKNOWN');
  const status = statusCode(error);
  if (status === DisconnectReason.timedOut) return new RequestError('REQUEST_TIMEOUT', requestId);
  if (status !== undefined && error instanceof Error)
    return new RequestError('REFUSED_BY_WHATSAPP', `${error.message} (${status})`);
  return error;
}

/** The code that an answer of WhatsApp or Baileys bears; both put it into a Boom error. */
function statusCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { data, output } = error as { data?: unknown; output?: { statusCode?: number } };
  return typeof data === 'number' ? data : output?.statusCode;
}
