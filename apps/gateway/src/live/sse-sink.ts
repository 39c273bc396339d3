import type { ServerResponse } from 'node:http';
import { type EventGap, type StreamEnd, streamEnds } from '@flotilla/contracts';
import type { Sink } from './event-stream.ts';

/** After how long a client whose connection broke shall connect again (ms). */
const retryMs = 2_000;
/** How long a client may take to fetch the last words (ms). */
const lastWordsMs = 2_000;

/** Headers of an event stream: nothing on the way may keep it, compress it or wait for its end. */
const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx
  'x-accel-buffering': 'no',
  // A connection that has carried a stream is not used again, so that a gateway that closes need not wait for it.
  connection: 'close',
  // Browsers of any site may read it, if they have a ticket: no cookie is involved.
  'access-control-allow-origin': '*',
} as const;

/** Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>. */
export class SseSink implements Sink {
  readonly transport = 'sse';
  readonly #response: ServerResponse;
  readonly #gone = new AbortController();

  /** @param headers others than those of an event stream */
  constructor(response: ServerResponse, headers: Record<string, string>) {
    this.#response = response;
    response.once('close', () => this.#gone.abort());
    // A connection that breaks while it is written to: `close` follows.
    response.on('error', () => {});
    if (response.destroyed) this.#gone.abort();
    else response.writeHead(200, { ...headers, ...sseHeaders });
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get hasRoom(): boolean {
    return !this.#response.writableNeedDrain;
  }

  waitForRoom(timeoutMs: number): Promise<boolean> {
    const response = this.#response;
    return new Promise((resolve) => {
      const settle = (room: boolean) => {
        clearTimeout(timer);
        response.off('drain', drained);
        this.gone.removeEventListener('abort', drained);
        resolve(room);
      };
      const drained = () => settle(true);
      const timer = setTimeout(() => settle(false), timeoutMs);
      response.once('drain', drained);
      this.gone.addEventListener('abort', drained);
    });
  }

  event(cursor: string, event: string): void {
    // JSON has no line breaks.
    this.#write(`id: ${cursor}\ndata: ${event}\n\n`);
  }

  gap(cursor: string, gap: EventGap): void {
    this.#write(`id: ${cursor}\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`);
  }

  position(cursor: string): void {
    // Without data there is no event; the client remembers the id all the same.
    this.#write(`retry: ${retryMs}\nid: ${cursor}\n\n`);
  }

  heartbeat(cursor: string): void {
    if (this.hasRoom) this.#write(`id: ${cursor}\nevent: heartbeat\ndata: ${JSON.stringify({ cursor })}\n\n`);
  }

  async end(reason: StreamEnd): Promise<void> {
    const { message } = streamEnds[reason];
    // Another gateway is there already: come at once, but not all in the same moment.
    const retry = reason === 'CLOSING' ? `retry: ${Math.round(Math.random() * 1_000)}\n` : '';
    this.#write(`${retry}event: end\ndata: ${JSON.stringify({ code: reason, message })}\n\n`);
    if (this.gone.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#response.destroy(), lastWordsMs);
      this.gone.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#response.end();
    });
  }

  #write(text: string): void {
    if (!this.gone.aborted) this.#response.write(text);
  }
}
