export interface HttpRequest {
  /** Sent as JSON, unless it is a text or bytes. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Longest time in milliseconds. Default 60 s. */
  timeoutMs?: number;
}

export interface HttpAnswer<T> {
  status: number;
  headers: Headers;
  /** Parsed if it is JSON, else the text; undefined if there is none. */
  body: T;
}

/** An answer that is not a success. */
export class HttpError extends Error {
  readonly status: number;
  /** `code` of the answer's body, if it has one. */
  readonly code: string | undefined;
  readonly body: unknown;

  constructor(method: string, path: string, { status, body }: HttpAnswer<unknown>) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    super(`${method} ${path} was answered with ${status}: ${text?.slice(0, 500)}`);
    this.name = 'HttpError';
    this.status = status;
    this.code = (body as { code?: string } | undefined)?.code;
    this.body = body;
  }
}

/** One HTTP request; the answer's type is the caller's word. Rejects only when there is no answer. */
export async function send<T>(
  url: string,
  method: string,
  { body, headers = {}, timeoutMs = 60_000 }: HttpRequest = {},
): Promise<HttpAnswer<T>> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : isRaw ? (body as string) : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const parsed: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: parsed as T };
}

/** One HTTP request that has to succeed: gives the body, or rejects with {@link HttpError}. */
export async function call<T>(baseUrl: string, method: string, path: string, request: HttpRequest = {}): Promise<T> {
  const answer = await send<T>(`${baseUrl}${path}`, method, request);
  if (answer.status < 200 || answer.status > 299) throw new HttpError(method, path, answer);
  return answer.body;
}
