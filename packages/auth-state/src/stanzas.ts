import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';

/** The stanza that a ciphertext came in, and its place among the stanza's children. */
export interface Origin {
  readonly stanza: BinaryNode;
  readonly index: number;
}

/** Baileys hands the very buffer of the `<enc>` node to the Signal repository, so the buffer identifies the stanza. */
const origins = new WeakMap<Uint8Array, Origin>();

/** Where a ciphertext came from, when {@link watchStanzas} has seen it. */
export const originOf = (ciphertext: Uint8Array): Origin | undefined => origins.get(ciphertext);

/**
 * Remembers which stanza each ciphertext came in. Call it right after `makeWASocket()`, before anything can arrive;
 * without it nothing is decrypted. Events of a socket end with the socket, so there is nothing to undo.
 */
export function watchStanzas(sock: Pick<WASocket, 'ws'>): void {
  // First in line, so that the origin is known before Baileys' own listener begins.
  sock.ws.prependListener('CB:message', (stanza: BinaryNode) => {
    if (!Array.isArray(stanza.content)) return;
    for (const [index, child] of stanza.content.entries()) {
      if (child.tag === 'enc' && child.content instanceof Uint8Array) origins.set(child.content, { stanza, index });
    }
  });
}
