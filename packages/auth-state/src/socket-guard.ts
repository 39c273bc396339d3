import type { WASocket } from '@whiskeysockets/baileys';
import { authStateOf } from './auth-state.ts';

/** Why a frame was refused: the caller may no longer write, or the auth state has failed. */
export type Refusal = 'may-not-write' | 'auth-state-failed';

export interface SocketGuardOptions {
  /** Checked synchronously at every frame: false past the lease's local deadline. */
  mayWrite: () => boolean;
  /** Told once, synchronously, after the socket was terminated. Baileys reports the close on its own as well. */
  onRefused: (why: Refusal) => void;
}

type Done = (error?: Error) => void;

/** What this needs of the `ws` WebSocket below Baileys' client. Three methods write frames, `pong` on its own account. */
interface RawSocket {
  send(data: unknown, options: unknown, done?: Done): void;
  ping(data?: unknown, mask?: unknown, done?: Done): void;
  pong(data?: unknown, mask?: unknown, done?: Done): void;
  terminate(): void;
}

/**
 * Lets no frame leave once its sender may no longer act for the account: the frame is dropped, its sender is told, and
 * the TCP connection is destroyed at once. The same when the socket's auth state has failed, so that Baileys cannot
 * answer with a retry receipt, or acknowledge a message, that is due to the store alone.
 *
 * Call it right after `makeWASocket()`, which creates the WebSocket before it returns. Throws when there is none.
 */
export function guardSocket(sock: Pick<WASocket, 'ws' | 'authState'>, options: SocketGuardOptions): void {
  const socket = rawSocket(sock);
  const auth = authStateOf(sock.authState.creds);
  let refused: Refusal | undefined;

  const refusal = (): Refusal | undefined => {
    if (refused) return refused;
    if (auth?.failure) return 'auth-state-failed';
    return options.mayWrite() ? undefined : 'may-not-write';
  };

  const guard = (write: (...args: unknown[]) => void) => {
    return (...args: unknown[]): void => {
      const why = refusal();
      if (!why) {
        write.apply(socket, args);
        return;
      }
      const done = args.findLast((argument): argument is Done => typeof argument === 'function');
      if (done) process.nextTick(done, new Error(`Frame refused: ${why}`));
      if (refused) return;
      refused = why;
      socket.terminate();
      options.onRefused(why);
    };
  };

  socket.send = guard(socket.send as (...args: unknown[]) => void);
  socket.ping = guard(socket.ping as (...args: unknown[]) => void);
  socket.pong = guard(socket.pong as (...args: unknown[]) => void);
}

function rawSocket(sock: Pick<WASocket, 'ws'>): RawSocket {
  // Protected in Baileys' types, and the only place that every frame passes.
  const { socket } = sock.ws as unknown as { socket: RawSocket | null };
  if (!socket) throw new Error('The socket has no WebSocket: guard it right after makeWASocket()');
  return socket;
}
