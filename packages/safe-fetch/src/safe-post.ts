import type { Dispatcher } from 'undici';
import { FetchTimeoutError } from './errors.ts';
import { failureOf } from './failure.ts';
import type { SafeResponse } from './safe-fetch.ts';

export interface SafePostOptions {
  /** From `createSafeAgent`. */
  dispatcher: Dispatcher;
  /** Scheme, host and port, such as `https://example.com:8443`. */
  origin: string;
  /** Path and query. */
  path: string;
  /** Names and values by turns. */
  headers: string[];
  body: Buffer;
  /** For everything: name, connection, headers and body (ms). */
  timeoutMs: number;
  /** Of the answer's body, only so many bytes are read; the rest is thrown away with the connection. */
  maxResponseBytes: number;
  /** A connection that fails within so many ms, before any answer, is tried once more at once. Default: it is not. */
  instantRetryMs?: number;
  /** Whether the connection shall be closed behind the answer. */
  closeAfter?: boolean;
}

/** A request under way. */
export interface PendingPost {
  /** @throws AddressRefusedError, FetchTimeoutError, ConnectError; or what it was aborted with */
  done: Promise<SafeResponse>;
  abort(reason: unknown): void;
}

/**
 * One POST through the guard, with as little as possible around it: there may be thousands a second. Redirects are
 * answers like any other: they are never followed.
 */
export function safePost(options: SafePostOptions): PendingPost {
  return new Post(options);
}

class Post implements Dispatcher.DispatchHandler, PendingPost {
  readonly done: Promise<SafeResponse>;
  readonly #options: SafePostOptions;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #resolve: (response: SafeResponse) => void;
  readonly #reject: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #mayRetry: boolean;
  #isOver = false;
  #status = 0;
  #headers: SafeResponse['headers'] = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: SafePostOptions) {
    this.#options = options;
    this.#mayRetry = options.instantRetryMs !== undefined;
    const { promise, resolve, reject } = Promise.withResolvers<SafeResponse>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.abort(new FetchTimeoutError(options.timeoutMs)), options.timeoutMs);
    this.#dispatch();
  }

  #dispatch() {
    const { dispatcher, origin, path, headers, body, closeAfter } = this.#options;
    try {
      dispatcher.dispatch({ origin, path, method: 'POST', headers, body, reset: closeAfter }, this);
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#fail(reason);
    // Not connected yet: the request ends as soon as it would begin.
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  }

  #fail(reason: unknown) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#reject(reason);
  }

  #succeed(truncated: boolean) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const [first = Buffer.alloc(0)] = this.#chunks;
    const body = this.#chunks.length <= 1 ? first : Buffer.concat(this.#chunks);
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: body.subarray(0, this.#options.maxResponseBytes),
      truncated,
      ms: Math.round(performance.now() - this.#began),
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    if (this.#isOver) controller.abort(new Error('aborted'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: SafeResponse['headers']) {
    // 100 and the like come before the answer.
    if (status < 200) return;
    this.#mayRetry = false;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#options.maxResponseBytes) return;
    this.#succeed(true);
    // Whatever else it sends must not come before the next answer: the connection goes.
    controller.abort(new Error('enough'));
  }

  onResponseEnd() {
    this.#succeed(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error) {
    if (this.#isOver) return;
    const { instantRetryMs = 0 } = this.#options;
    const failure = failureOf(error);
    if (this.#mayRetry && failure.name === 'ConnectError' && performance.now() - this.#began < instantRetryMs) {
      this.#mayRetry = false;
      this.#controller = undefined;
      // Not here: the pool is still telling others of the failure, and takes no requests meanwhile.
      setImmediate(() => {
        if (!this.#isOver) this.#dispatch();
      });
    } else this.#fail(failure);
  }
}
