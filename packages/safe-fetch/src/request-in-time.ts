import { type Dispatcher, request } from 'undici';

type RequestOptions = NonNullable<Parameters<typeof request<null>>[1]> & { signal: AbortSignal };

/**
 * A request that is over when its signal fires. undici heeds a signal only once it has a connection: a name server that
 * never answers would hold up whoever waits for longer than they want to.
 * @throws whatever undici throws, or the signal's reason
 */
export async function requestInTime(url: string | URL, options: RequestOptions): Promise<Dispatcher.ResponseData> {
  const { signal } = options;
  signal.throwIfAborted();
  const answer = request(url, options);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    // undici drops the request by itself before it writes it; nobody waits for how.
    answer.then(
      ({ body }) => body.on('error', () => {}).destroy(),
      () => {},
    );
    reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
