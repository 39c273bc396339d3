import createError, { type FastifyError } from '@fastify/error';
import { type ErrorCode, errors } from '@flotilla/contracts';

const classes = Object.fromEntries(
  Object.entries(errors).map(([code, { message, statusCode }]) => [code, createError(code, message, statusCode)]),
) as Record<ErrorCode, ReturnType<typeof createError>>;

/**
 * An error of the API, to be thrown by a handler.
 * @param code its entry in the table of contracts
 * @param details what fills the message's `%s`; never another tenant's data
 */
export function apiError(code: ErrorCode, ...details: (string | number)[]): FastifyError {
  return new classes[code](...details.map(String));
}

/** Whether an error was made by `apiError`. */
export const isApiError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && classes[error.code as ErrorCode] === error.constructor;
