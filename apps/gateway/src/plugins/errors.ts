import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { MediaError } from '@flotilla/media';
import { isStoreError } from '@flotilla/redis';
import { bounds } from '@flotilla/webhook';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { apiError, isApiError } from '../errors.ts';
import { validationMessage } from '../validation-message.ts';

/** Seconds after which a client may try again when the store is away, or it has asked for too much at a time. */
const retryAfterSeconds = 1;

/** Turns whatever was thrown into an error of our table. */
export function toApiError(error: FastifyError, request: FastifyRequest): FastifyError {
  if (isApiError(error)) return error;
  // Packages name errors of the table by their code, without knowing of HTTP.
  if (error.code === 'BAD_CURSOR') return apiError('BAD_CURSOR');
  if (error.code === 'TOO_MANY_SECRETS') return apiError('TOO_MANY_SECRETS', bounds.secrets);
  if (error instanceof MediaError) return mediaError(error, request);
  if (error.validation) return apiError('VALIDATION', validationMessage(error.validation, error.validationContext));
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return apiError('MALFORMED_JSON');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return apiError('PAYLOAD_TOO_LARGE', request.routeOptions.bodyLimit ?? 0);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return apiError('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return apiError('VALIDATION', 'content-length: must be the number of bytes that were sent');
    case 'FST_ERR_BAD_URL':
      return apiError('VALIDATION', 'url: is not valid percent-encoding');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return apiError('ROUTE_NOT_FOUND', routeName(request));
  }
  if (isStoreError(error)) return apiError('STORE_UNAVAILABLE');
  return apiError('INTERNAL', request.id);
}

/** What the storage of files has thrown. */
function mediaError({ code, detail }: MediaError, request: FastifyRequest): FastifyError {
  switch (code) {
    case 'MEDIA_TOO_LARGE':
    case 'MEDIA_QUOTA_EXCEEDED':
    case 'MEDIA_SOURCE_FAILED':
      return apiError(code, detail);
    case 'MEDIA_STORE_UNAVAILABLE':
      return apiError('STORE_UNAVAILABLE');
    default:
      return apiError('INTERNAL', request.id);
  }
}

/** Method and path of a request, without its query, for a message. */
const routeName = (request: FastifyRequest) => `${request.method} ${request.url.split('?')[0]?.slice(0, 200)}`;

/**
 * What is logged of an unforeseen error. Not the error itself: the Redis client attaches the failed command with all
 * its arguments, among them what people write to each other.
 */
const describe = ({ name, message, code, stack }: FastifyError) => ({ type: name, message, code, stack });

/** An error before it has been put into words. */
interface ErrorAnswer {
  statusCode: number;
  code: string;
  message: string;
}

/** How an API answers with an error. */
export type ErrorShape = (answer: ErrorAnswer) => { statusCode: number; body: object };

const nativeShape: ErrorShape = ({ statusCode, code, message }) => ({
  statusCode,
  body: { statusCode, code, error: STATUS_CODES[statusCode] ?? 'Error', message },
});

/**
 * Answers with an error: `{statusCode, code, error, message}` and what the status needs beside it.
 * What was thrown is kept at the request for its log line; unforeseen errors are logged with their stack.
 * @param shape of another API's errors
 */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, shape = nativeShape) {
  const answer = toApiError(error, request);
  const { code, message } = answer;
  const { statusCode, body } = shape({ statusCode: answer.statusCode ?? 500, code, message });
  request.errorCode = answer.code;
  if (answer.code === 'INTERNAL') request.log.error({ error: describe(error) }, 'request.failed');
  if (answer.code === 'STORE_UNAVAILABLE') {
    request.log.warn({ cause: error.message }, 'store.unavailable');
  }
  if (answer.code === 'STORE_UNAVAILABLE' || answer.code === 'TOO_MANY_REQUESTS')
    reply.header('retry-after', retryAfterSeconds);
  if (statusCode === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
  return reply.code(statusCode).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
}

/**
 * Answers what is no HTTP request at all, or one whose head is too large or too slow, in the same form.
 * There is no request to log: whoever sends this is not a client of the API.
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const finding = connectionFindings[error.code ?? ''] ?? 'request: is not valid HTTP';
  const { statusCode = 400, code, message } = apiError('VALIDATION', finding);
  const reason = STATUS_CODES[statusCode];
  const body = JSON.stringify({ statusCode, code, error: reason, message });
  const head = [
    `HTTP/1.1 ${statusCode} ${reason}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const connectionFindings: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'headers: are larger than 16384 bytes in all',
  ERR_HTTP_REQUEST_TIMEOUT: 'request: was not complete in time',
};

/** Error and not-found handling of the whole API. */
export const errorAnswers = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
    app.setNotFoundHandler((request, reply) =>
      sendError(apiError('ROUTE_NOT_FOUND', routeName(request)), request, reply),
    );
  },
  { name: 'error-answers' },
);
