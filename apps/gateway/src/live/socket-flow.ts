import type { WebSocket } from 'ws';

/** Bytes that may wait for the client before nothing more is written. */
const highWaterBytes = 64 * 1_024;
/** How long a client may take to answer that the WebSocket is closed (ms). */
const closingMs = 2_000;

/**
 * Closes a WebSocket, and cuts it off if its client takes too long. Resolves when it is closed.
 * @param reason at most 123 bytes: the close frame has no more room
 * @param lastWords a message that is sent before, if the WebSocket still takes one
 */
export async function closeSocket(
  socket: WebSocket,
  closeCode: number,
  reason: string,
  lastWords?: string,
): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closingMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (lastWords !== undefined && socket.readyState === socket.OPEN) socket.send(lastWords);
    socket.close(closeCode, reason);
  });
}

/** What a WebSocket takes, and whether somebody is still there to take it. */
export class SocketFlow {
  readonly socket: WebSocket;
  readonly #gone = new AbortController();
  readonly #waiting = new Set<() => void>();
  #answersPings = true;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.once('close', () => {
      this.#gone.abort();
      this.tellRoom();
    });
    socket.on('pong', () => {
      this.#answersPings = true;
    });
    if (socket.readyState === socket.CLOSED) this.#gone.abort();
  }

  /** Aborted when the client is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** False while the client has not taken what was written. */
  get hasRoom(): boolean {
    return this.socket.bufferedAmount < highWaterBytes;
  }

  /** Waits until `tellRoom` is called or the client is gone; false if that takes longer than so many ms. */
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

  /** Lets those go on who wait for room. */
  tellRoom(): void {
    for (const roomy of [...this.#waiting]) roomy();
  }

  /**
   * Sends a message, if the client is still there.
   * @param taken called when the system has taken it
   */
  send(text: string, taken: () => void): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(text, taken);
  }

  /**
   * Asks for a sign of life, and cuts off who has taken everything and yet did not answer the last time.
   * @returns whether there was room to ask
   */
  ping(): boolean {
    if (this.socket.bufferedAmount > 0) return false;
    if (!this.#answersPings) {
      this.socket.terminate();
      return false;
    }
    this.#answersPings = false;
    this.socket.ping();
    return true;
  }
}
