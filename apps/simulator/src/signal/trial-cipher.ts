import { SessionCipher } from 'libsignal';

/** Receiving chains that a session keeps for messages that arrive late. */
const maxChains = 24;

interface Chain {
  chainKey: { counter: number; key?: Buffer };
  chainType: number;
  messageKeys: Record<string, Buffer>;
}

interface Session {
  _chains: Record<string, Chain>;
  currentRatchet: Record<string, unknown>;
  pendingPreKey?: unknown;
}

/** The method of libsignal that its types leave out. */
type Decrypt = (this: SessionCipher, message: Buffer, session: Session) => Promise<Buffer>;

const prototype = SessionCipher.prototype as unknown as { doDecryptWhisperMessage: Decrypt };

/**
 * A cipher that tries a message on a copy of each session and keeps the copy only if the message was genuine, as real
 * phones do. libsignal itself steps the ratchet before it checks the MAC, so that a message of an older session would
 * ruin a newer one, and everything encrypted with it.
 */
export class TrialCipher extends SessionCipher {
  async doDecryptWhisperMessage(message: Buffer, session: Session | undefined): Promise<Buffer> {
    if (!session) throw new TypeError('session required');
    const trial = copyOf(session);
    const plaintext = await prototype.doDecryptWhisperMessage.call(this, message, trial);
    session._chains = trial._chains;
    session.currentRatchet = trial.currentRatchet;
    delete session.pendingPreKey;
    forgetOldChains(session);
    return plaintext;
  }
}

function copyOf(session: Session): Session {
  const copy: Session = Object.assign(Object.create(Object.getPrototypeOf(session)), session);
  copy.currentRatchet = { ...session.currentRatchet };
  copy._chains = {};
  for (const [id, chain] of Object.entries(session._chains)) {
    copy._chains[id] = { ...chain, chainKey: { ...chain.chainKey }, messageKeys: { ...chain.messageKeys } };
  }
  return copy;
}

/** libsignal adds a chain at each turn of a conversation and never removes one. */
function forgetOldChains(session: Session): void {
  const ids = Object.keys(session._chains);
  for (const id of ids.slice(0, Math.max(0, ids.length - maxChains))) {
    const chain = session._chains[id];
    // Only closed receiving chains: those have no key to go on with.
    if (chain && chain.chainKey.key === undefined) delete session._chains[id];
  }
}
