import { type EventGap, type StreamEnd, type StreamMessage, streamEnds } from '@flotilla/contracts';
import type { WebSocket } from 'ws';
import type { Sink } from './event-stream.ts';
import { closeSocket, SocketFlow } from './socket-flow.ts';

/**
 * Says why a WebSocket is closed, and closes it. Resolves when it is. The sentence is in a message of its own, because
 * the close frame has no room for it.
 */
export const closeWebSocket = (
  socket: WebSocket,
  closeCode: number,
  end: NonNullable<StreamMessage['end']>,
): Promise<void> => closeSocket(socket, closeCode, end.code, JSON.stringify({ end } satisfies StreamMessage));

/** A WebSocket whose messages are `StreamMessage`s. */
export class WebSocketSink implements Sink {
  readonly transport = 'websocket';
  readonly #flow: SocketFlow;
  #toldCursor = '';

  constructor(socket: WebSocket) {
    this.#flow = new SocketFlow(socket);
  }

  get gone(): AbortSignal {
    return this.#flow.gone;
  }

  get hasRoom(): boolean {
    return this.#flow.hasRoom;
  }

  waitForRoom(timeoutMs: number): Promise<boolean> {
    return this.#flow.waitForRoom(timeoutMs);
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
    if (this.#flow.ping() && cursor !== this.#toldCursor) this.position(cursor);
  }

  async end(reason: StreamEnd): Promise<void> {
    const { closeCode, message } = streamEnds[reason];
    await closeWebSocket(this.#flow.socket, closeCode, { code: reason, message });
  }

  #send(cursor: string, text: string): void {
    this.#toldCursor = cursor;
    this.#flow.send(text, () => {
      if (this.hasRoom) this.#flow.tellRoom();
    });
  }
}
