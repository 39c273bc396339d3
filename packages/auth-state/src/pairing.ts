import { type BinaryNode, configureSuccessfulPairing, type WASocket } from '@whiskeysockets/baileys';
import { authStateOf } from './auth-state.ts';

const pairSuccess = 'CB:iq,,pair-success';

/**
 * Answers a phone that links this device only when the credentials that come of it are stored. Baileys answers at once:
 * if the process dies then, the phone has a device whose credentials nobody has. Call it right after `makeWASocket()`.
 *
 * If it dies between storing and answering, the phone has linked nothing, and WhatsApp refuses the credentials at the
 * next login, as it does those of a device that was removed.
 */
export function storePairingFirst(sock: Pick<WASocket, 'ws' | 'authState'>): void {
  const { ws } = sock;
  const { creds } = sock.authState;
  const handlers = ws.listeners(pairSuccess);
  ws.removeAllListeners(pairSuccess);
  ws.on(pairSuccess, async (stanza: BinaryNode) => {
    const before = creds.signalIdentities;
    try {
      Object.assign(creds, configureSuccessfulPairing(stanza, creds).creds);
      await authStateOf(creds)?.saveCreds();
    } catch {
      // A stanza that proves nothing, which Baileys refuses itself; or a failed store, which lets no answer out any more.
    }
    // Baileys does the same once more, and would add the phone's identity a second time.
    if (before) creds.signalIdentities = before;
    else delete creds.signalIdentities;
    for (const handler of handlers) handler.call(ws, stanza);
  });
}
