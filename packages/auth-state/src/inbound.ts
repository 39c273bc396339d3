import type { BinaryNode } from '@whiskeysockets/baileys';

/** The category under which decrypted messages pass through Baileys' transaction. It is never stored as a key. */
export const inboundCategory = 'flotilla-inbound';

/** A message that was just decrypted. It reaches the store in the same commit as the ratchet that decrypted it. */
export interface InboundEntry {
  /**
   * Chat, author and stanza id: what makes a message one. The same when the server delivers the stanza again, and when
   * the sender encrypts the message again (which comes as another kind of `<enc>`, in another place).
   */
  readonly id: string;
  readonly stanzaId: string;
  /** The `from` of the stanza: a contact, a group, or ourselves (sent from another device). */
  readonly from: string;
  /** Who wrote it, in a group or broadcast. */
  readonly participant: string | undefined;
  /** `skmsg` is group content, the other two were encrypted for this device alone. */
  readonly type: 'pkmsg' | 'msg' | 'skmsg';
  /** Place of the `<enc>` among the stanza's children. One stanza may carry several. */
  readonly index: number;
  /** The stanza as it came, but without the ciphertexts. */
  readonly stanza: BinaryNode;
  /** An encoded `proto.Message`, padding removed. Message text: seal it before it is stored. */
  readonly plaintext: Uint8Array;
}
