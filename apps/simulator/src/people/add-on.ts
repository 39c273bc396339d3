import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** What is encrypted with the secret of the message that it adds to. */
export type AddOnUse = 'Poll Vote' | 'Event Response';

/** Who adds to which message: all of it goes into the key. */
export interface AddOnContext {
  use: AddOnUse;
  /** The message that is added to, its author and its secret of 32 bytes. */
  id: string;
  author: string;
  secret: Uint8Array;
  /** JID of the one who adds. */
  by: string;
}

export interface EncryptedAddOn {
  encPayload: Uint8Array;
  encIv: Uint8Array;
}

const tagLength = 16;

/** Encrypts a vote or a response with the secret of the poll or event: AES-256-GCM, the tag behind the ciphertext. */
export function encryptAddOn(plaintext: Uint8Array, context: AddOnContext): EncryptedAddOn {
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(context), encIv).setAAD(additionalData(context));
  return { encPayload: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]), encIv };
}

/**
 * Decrypts a vote or a response. Clients name people by phone number or by LID as they like: `contexts` are tried in
 * turn. Undefined if none fits.
 */
export function decryptAddOn({ encPayload, encIv }: EncryptedAddOn, contexts: AddOnContext[]): Buffer | undefined {
  if (encPayload.length < tagLength) return undefined;
  for (const context of contexts) {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(context), encIv).setAAD(additionalData(context));
    decipher.setAuthTag(encPayload.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(encPayload.subarray(0, -tagLength)), decipher.final()]);
    } catch {
      // Named in another way.
    }
  }
  return undefined;
}

/** HKDF of one block, written as the two HMACs that it is. */
function keyOf({ use, id, author, secret, by }: AddOnContext): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(secret).digest();
  return createHmac('sha256', extracted)
    .update(`${id}${author}${by}${use}`)
    .update(Buffer.from([1]))
    .digest();
}

function additionalData({ id, by }: AddOnContext): Buffer {
  return Buffer.from(`${id}\0${by}`);
}
