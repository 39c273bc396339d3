import { type EventGap, type StreamEnd, type StreamMessage, streamEnds } from '@flotilla/contracts';
import type { WebSocket } from 'ws';
import type { Sink } from './event-stream.ts';

/** Bytes that may wait for the client before nothing more is written. */
const highWaterBytes = 64 * 1_024;
/** How long a client may take to answer that the WebSocket is closed (ms). */
const closingMs = 2_000;

/** Says why a WebSocket is closed, and closes it. Resolves when it is. */
export async function closeWebSocket(
  socket: WebSocket,
  closeCode: number,
  end: NonNullable<StreamMessage['end']>,
): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closingMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // The close frame has room for 123 bytes of reason: the sentence is in a message of its own.
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ end } satisfies StreamMessage));
    socket.close(closeCode, end.code);
  });
}

/** A WebSocket whose messages are `StreamMessage`s. */
export class WebSocketSink implements Sink {
  readonly transport = 'websocket';
  readonly #socket: WebSocket;
  readonly #gone = new AbortController();
  readonly #waiting = new Set<() => void>();
  #toldCursor = '';
  #answersPings = true;

  constructor(socket: WebSocket) {
    this.#socket = socket;
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
    return this.#socket.bufferedAmount < highWaterBytes;
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

  event(cursor: string, event: string): void {
    // Put together by hand: the event is JSON already, and the same for all streams.
    this.#send(cursor, `{"cursor":"${cursor}","event":${event}}`);
  }

  gap(cursor: string, gap: EventGap): void {
    this.#send(cursor, JSON.stringify({ cursor, gap } satisfies StreamMessage));
  }

  position(cursor: string): void {
    this.#send(cursor, JSON.stringify({ cursor } satisfies StreamMessage));
  }

  heartbeat(cursor: string): void {
    if (this.#socket.bufferedAmount > 0) return;
    // It has taken everything and yet answers nothing: nobody is there.
    if (!this.#answersPings) {
      this.#socket.terminate();
      return;
    }
    this.#answersPings = false;
    this.#socket.ping();
    if (cursor !== this.#toldCursor) this.position(cursor);
  }

  async end(reason: StreamEnd): Promise<void> {
    const { closeCode, message } = streamEnds[reason];
    await closeWebSocket(this.#socket, closeCode, { code: reason, message });
  }

  #send(cursor: string, text: string): void {
    this.#toldCursor = cursor;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text, () => {
      if (this.hasRoom) this.#tellRoom();
    });
  }

  #tellRoom(): void {
    for (const roomy of [...this.#waiting]) roomy();
  }
}
