import { type BinaryNode, jidNormalizedUser, type WASocket } from '@whiskeysockets/baileys';

/** The stanza that a ciphertext came in, and its place among the stanza's children. */
export interface Origin {
  readonly stanza: BinaryNode;
  readonly index: number;
}

/** Baileys hands the very buffer of the `<enc>` node to the Signal repository, so the buffer identifies the stanza. */
const origins = new WeakMap<Uint8Array, Origin>();
/** Stanzas that Baileys works on and has not begun to decrypt. */
const begun = new WeakMap<BinaryNode, () => void>();

/** How long a message waits for the one before it to be decrypted (ms). Baileys never decrypts some. */
const patienceMs = 2_000;

/** Where a ciphertext came from, when {@link watchStanzas} has seen it. */
export const originOf = (ciphertext: Uint8Array): Origin | undefined => origins.get(ciphertext);

/** Says that a stanza is being decrypted: the next one of its chat may follow. */
export const decryptionBegins = ({ stanza }: Origin): void => begun.get(stanza)?.();

/**
 * Remembers which stanza each ciphertext came in, and hands the messages of a chat to Baileys one after the other. Call
 * it right after `makeWASocket()`, before anything can arrive; without it nothing is decrypted. Events of a socket end
 * with the socket, so there is nothing to undo.
 *
 * Baileys (7.0.0-rc14) alone decrypts messages of somebody new in the wrong order: before it decrypts the first one it
 * stores their LID, and those that come meanwhile find it known and overtake.
 */
export function watchStanzas(sock: Pick<WASocket, 'ws'>): void {
  const { ws } = sock;
  const handlers = ws.listeners('CB:message');
  ws.removeAllListeners('CB:message');
  const inTurn = createTurns();
  ws.on('CB:message', (stanza: BinaryNode) => {
    const handle = () => {
      for (const handler of handlers) handler.call(ws, stanza);
    };
    if (remember(stanza)) inTurn(stanza, handle);
    else handle();
  });
}

/** @returns whether there is anything to decrypt */
function remember(stanza: BinaryNode): boolean {
  if (!Array.isArray(stanza.content)) return false;
  let found = false;
  for (const [index, child] of stanza.content.entries()) {
    if (child.tag !== 'enc' || !(child.content instanceof Uint8Array)) continue;
    origins.set(child.content, { stanza, index });
    found = true;
  }
  return found;
}

/** Runs what handles stanzas, within a chat each when the one before has reached its decryption. */
function createTurns() {
  const last = new Map<string, Promise<void>>();

  return (stanza: BinaryNode, handle: () => void): void => {
    const chat = jidNormalizedUser(stanza.attrs.from);
    const begin = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs);
      begun.set(stanza, resolve);
      handle();
      return promise.finally(() => clearTimeout(timer));
    };
    const before = last.get(chat);
    const turn = before ? before.then(begin) : begin();
    last.set(chat, turn);
    void turn.finally(() => {
      if (last.get(chat) === turn) last.delete(chat);
    });
  };
}
