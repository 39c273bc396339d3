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

/**
 * How long a message waits for the one before it to be decrypted (ms). Baileys never decrypts some, and works on what came
 * while the device was offline one after the other, however much it is: what comes live meanwhile must not overtake.
 */
const patienceMs = 30_000;

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
    const handle = (): Promise<unknown> =>
      Promise.allSettled(handlers.map((handler): unknown => handler.call(ws, stanza)));
    if (remember(stanza)) inTurn(stanza, handle);
    else void handle();
  });
}

/** Kinds of ciphertexts that Baileys decrypts; what bots answer with is none of them. */
const decrypted: ReadonlySet<string | undefined> = new Set(['pkmsg', 'msg', 'skmsg']);

/** @returns whether there is anything to decrypt */
function remember(stanza: BinaryNode): boolean {
  if (!Array.isArray(stanza.content)) return false;
  let found = false;
  for (const [index, child] of stanza.content.entries()) {
    if (child.tag !== 'enc' || !(child.content instanceof Uint8Array)) continue;
    origins.set(child.content, { stanza, index });
    found ||= decrypted.has(child.attrs.type);
  }
  return found;
}

/** Runs what handles stanzas, within a chat each when the one before has reached its decryption, or will never. */
function createTurns() {
  const last = new Map<string, Promise<void>>();

  return (stanza: BinaryNode, handle: () => Promise<unknown>): void => {
    const chat = jidNormalizedUser(stanza.attrs.from);
    const begin = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs);
      begun.set(stanza, resolve);
      const handled = handle();
      // One that came while the device was offline has only been put into Baileys' own queue by then.
      if (stanza.attrs.offline === undefined) void handled.then(() => resolve());
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
