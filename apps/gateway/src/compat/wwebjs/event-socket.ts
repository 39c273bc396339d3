import { type FlotillaEvent, type StreamEnd, streamEnds } from '@flotilla/contracts';
import type { FormatContext } from '@flotilla/format';
import { formats } from '@flotilla/format';
import type { WebSocket } from 'ws';
import type { Sink } from '../../live/event-stream.ts';

/** Bytes that may wait for the client, and events that may be in work, before nothing more is written. */
const highWaterBytes = 64 * 1_024;
const mostInWork = 50;
/** How long a client may take to answer that the WebSocket is closed (ms). */
const closingMs = 2_000;

/** Closes a WebSocket, and cuts it off if its client takes too long. Resolves when it is closed. */
export async function closeSocket(socket: WebSocket, closeCode: number, reason: string): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closingMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(closeCode, reason);
  });
}

/** A WebSocket whose messages are the events of the document, and nothing else: no positions, no gaps. */
export class EventSocket implements Sink {
  readonly transport = 'websocket';
  readonly #socket: WebSocket;
  readonly #contextOf: (instance: string) => Promise<FormatContext>;
  readonly #onError: (error: Error) => void;
  readonly #gone = new AbortController();
  readonly #waiting = new Set<() => void>();
  /** Events are formatted one after the other, so that they keep their order. */
  #last: Promise<void> = Promise.resolve();
  #inWork = 0;
  #answersPings = true;

  /**
   * @param contextOf reads what the format may know of an instance
   * @param onError called when an event cannot be shown; the WebSocket is closed then
   */
  constructor(
    socket: WebSocket,
    contextOf: (instance: string) => Promise<FormatContext>,
    onError: (error: Error) => void,
  ) {
    this.#socket = socket;
    this.#contextOf = contextOf;
    this.#onError = onError;
    socket.once('close', () => {
      this.#gone.abort();
      this.#tellRoom();
    });
    socket.on('pong', () => {
      this.#answersPings = true;
    });
    if (socket.readyState === socket.CLOSED) this.#gone.abort();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get hasRoom(): boolean {
    return this.#socket.bufferedAmount < highWaterBytes && this.#inWork < mostInWork;
  }

  waitForRoom(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (room: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(roomy);
        resolve(room);
      };
      const roomy = () => settle(true);
      const timer = setTimeout(() => settle(false), timeoutMs);
      this.#waiting.add(roomy);
    });
  }

  event(_cursor: string, event: string): void {
    this.#inWork += 1;
    this.#last = this.#last
      .then(() => this.#show(JSON.parse(event)))
      .catch((error: Error) => {
        if (this.#gone.signal.aborted) return;
        this.#onError(error);
        // The client shall know that it has missed something.
        void closeSocket(this.#socket, streamEnds.INTERNAL.closeCode, 'INTERNAL');
      })
      .then(() => {
        this.#inWork -= 1;
        if (this.hasRoom) this.#tellRoom();
      });
  }

  gap(): void {}

  position(): void {}

  heartbeat(): void {
    if (this.#socket.bufferedAmount > 0) return;
    // It has taken everything and yet answers nothing: nobody is there.
    if (!this.#answersPings) {
      this.#socket.terminate();
      return;
    }
    this.#answersPings = false;
    this.#socket.ping();
  }

  async end(reason: StreamEnd): Promise<void> {
    await this.#last;
    await closeSocket(this.#socket, streamEnds[reason].closeCode, reason);
  }

  async #show(event: FlotillaEvent): Promise<void> {
    const formatted = await formats.wwebjs.format(event, await this.#contextOf(event.instance));
    if (!formatted || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(formatted.body), () => {
      if (this.hasRoom) this.#tellRoom();
    });
  }

  #tellRoom(): void {
    for (const roomy of [...this.#waiting]) roomy();
  }
}
