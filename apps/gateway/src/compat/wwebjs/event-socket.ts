import { type FlotillaEvent, type StreamEnd, streamEnds } from '@flotilla/contracts';
import type { FormatContext } from '@flotilla/format';
import { formats } from '@flotilla/format';
import type { WebSocket } from 'ws';
import type { Sink } from '../../live/event-stream.ts';
import { closeSocket, SocketFlow } from '../../live/socket-flow.ts';

/** Events that may be in work before nothing more is written. */
const mostInWork = 50;

/** A WebSocket whose messages are the events of the document, and nothing else: no positions, no gaps. */
export class EventSocket implements Sink {
  readonly transport = 'websocket';
  readonly #flow: SocketFlow;
  readonly #contextOf: (instance: string) => Promise<FormatContext>;
  readonly #onError: (error: Error) => void;
  /** Events are formatted one after the other, so that they keep their order. */
  #last: Promise<void> = Promise.resolve();
  #inWork = 0;

  /**
   * @param contextOf reads what the format may know of an instance
   * @param onError called when an event cannot be shown; the WebSocket is closed then
   */
  constructor(
    socket: WebSocket,
    contextOf: (instance: string) => Promise<FormatContext>,
    onError: (error: Error) => void,
  ) {
    this.#flow = new SocketFlow(socket);
    this.#contextOf = contextOf;
    this.#onError = onError;
  }

  get gone(): AbortSignal {
    return this.#flow.gone;
  }

  get hasRoom(): boolean {
    return this.#flow.hasRoom && this.#inWork < mostInWork;
  }

  waitForRoom(timeoutMs: number): Promise<boolean> {
    return this.#flow.waitForRoom(timeoutMs);
  }

  event(_cursor: string, event: string): void {
    this.#inWork += 1;
    this.#last = this.#last
      .then(() => this.#show(JSON.parse(event)))
      .catch((error: Error) => {
        if (this.gone.aborted) return;
        this.#onError(error);
        // The client shall know that it has missed something.
        void closeSocket(this.#flow.socket, streamEnds.INTERNAL.closeCode, 'INTERNAL');
      })
      .then(() => {
        this.#inWork -= 1;
        this.#tellRoom();
      });
  }

  gap(): void {}

  position(): void {}

  heartbeat(): void {
    this.#flow.ping();
  }

  async end(reason: StreamEnd): Promise<void> {
    await this.#last;
    await closeSocket(this.#flow.socket, streamEnds[reason].closeCode, reason);
  }

  async #show(event: FlotillaEvent): Promise<void> {
    const formatted = await formats.wwebjs.format(event, await this.#contextOf(event.instance));
    if (formatted) this.#flow.send(JSON.stringify(formatted.body), () => this.#tellRoom());
  }

  #tellRoom(): void {
    if (this.hasRoom) this.#flow.tellRoom();
  }
}
