import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** The value was sealed with a key that is not in the ring: put that key back (in last place) and read again. */
export class UnknownKeyError extends Error {
  readonly code = 'UNKNOWN_KEY';
  /** The id of the missing key. */
  readonly keyId: string;

  constructor(keyId: string) {
    super(`Sealed with the key "${keyId}", which is not in ENCRYPTION_KEYS`);
    this.name = 'UnknownKeyError';
    this.keyId = keyId;
  }
}

/** The value is not what was sealed under this context: changed, cut, moved from elsewhere, or a wrong key of the same id. */
export class TamperedError extends Error {
  readonly code = 'TAMPERED';

  constructor(why: string, options?: ErrorOptions) {
    super(`Sealed value cannot be opened: ${why}`, options);
    this.name = 'TamperedError';
  }
}

/** `ENCRYPTION_KEYS` does not describe a ring. The message is one sentence with the cure and without key material. */
export class KeyRingError extends Error {
  /** Makes the apps' frame print the sentence as it is, like every configuration error. */
  readonly code = 'INVALID_CONFIG';

  constructor(why: string) {
    super(
      `ENCRYPTION_KEYS is invalid (${why}): set it to id:base64 pairs, comma separated, newest first, 32 bytes each`,
    );
    this.name = 'KeyRingError';
  }
}

/** Encrypts with its first key, decrypts with any. */
export interface KeyRing {
  /** The ids of the keys, the sealing one first. */
  readonly ids: readonly string[];
  /**
   * Encrypts and authenticates. `context` says what the value is and whose (for example the Redis key it is stored
   * under); it is not stored, and opening needs the same one, so that a value moved elsewhere does not open.
   */
  seal(plaintext: Uint8Array | string, context: string): Buffer;
  /** Gives back what was sealed. Throws {@link UnknownKeyError} or {@link TamperedError}. */
  open(sealed: Uint8Array, context: string): Buffer;
  /** True when the value was sealed by another key than the first, so that writing it again would rotate it. */
  isStale(sealed: Uint8Array): boolean;
  /** A signature of 32 bytes over what need not be secret; good for one purpose only. Made with the first key. */
  sign(text: string, purpose: string): Buffer;
  /** Whether `sign` of any key in the ring made this signature of this text for this purpose. */
  isSigned(text: string, signature: Uint8Array, purpose: string): boolean;
}

const version = 1;
const keyBytes = 32;
/** Random nonces of 96 bits are safe for some 2^32 values under one key (NIST SP 800-38D, 8.3). */
const nonceBytes = 12;
const tagBytes = 16;

/** A new key for {@link createKeyRing}: 32 random bytes in base64. */
export function generateKey(): string {
  return randomBytes(keyBytes).toString('base64');
}

/**
 * Builds a ring from `"k2:<base64>,k1:<base64>"`. The first key seals, all of them open. To rotate, put a new key in
 * front and leave the old ones until everything was written again. Throws {@link KeyRingError}.
 *
 * A sealed value is: version byte, length of the key id, key id, 12-byte nonce, ciphertext, 16-byte tag (AES-256-GCM).
 * Header and context are authenticated with it.
 */
export function createKeyRing(keys: string): KeyRing {
  const ring = parseKeys(keys);
  const ids = [...ring.keys()];
  const sealing = ids[0];
  const sealingKey = sealing === undefined ? undefined : ring.get(sealing);
  if (sealing === undefined || !sealingKey) throw new KeyRingError('it holds no key');
  const sealingHeader = headerOf(sealing);

  return {
    ids,
    seal(plaintext, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: tagBytes });
      cipher.setAAD(associatedData(sealingHeader, context));
      const ciphertext = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
      return Buffer.concat([sealingHeader, nonce, ciphertext, cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const { id, header, nonce, ciphertext, tag } = takeApart(sealed);
      const key = ring.get(id);
      if (!key) throw new UnknownKeyError(id);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(associatedData(header, context));
      decipher.setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
      } catch (error) {
        throw new TamperedError('it was changed, or sealed for something else', { cause: error });
      }
    },
    isStale: (sealed) => takeApart(sealed).id !== sealing,
    sign: (text, purpose) => signature(sealingKey, text, purpose),
    isSigned: (text, given, purpose) =>
      [...ring.values()].some((key) => {
        const right = signature(key, text, purpose);
        return right.length === given.length && timingSafeEqual(right, given);
      }),
  };
}

/** HMAC-SHA256 under a key that is derived for the purpose: no key does two things. */
function signature(key: KeyObject, text: string, purpose: string): Buffer {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `flotilla signature: ${purpose}`, keyBytes));
  return createHmac('sha256', derived).update(text).digest();
}

function parseKeys(keys: string): Map<string, KeyObject> {
  const ring = new Map<string, KeyObject>();
  for (const [index, part] of keys.split(',').entries()) {
    const [id = '', key = '', ...rest] = part.trim().split(':');
    const place = `key ${index + 1}`;
    if (!/^[\w.-]{1,64}$/.test(id)) throw new KeyRingError(`${place} has no id of letters, digits, ".", "_" or "-"`);
    const bytes = Buffer.from(key, 'base64');
    // Node skips what is not base64 without a word; a mistyped key must not become another key.
    const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(key) && rest.length === 0;
    if (!isBase64 || bytes.length !== keyBytes) throw new KeyRingError(`"${id}" is not ${keyBytes} bytes in base64`);
    if (ring.has(id)) throw new KeyRingError(`"${id}" is there twice`);
    // With the bytes themselves, Node makes such an object for each value: two thirds of what sealing it costs.
    ring.set(id, createSecretKey(bytes));
  }
  return ring;
}

function headerOf(id: string): Buffer {
  const bytes = Buffer.from(id, 'utf8');
  return Buffer.concat([Buffer.of(version, bytes.length), bytes]);
}

/** The header carries its own length, so no two pairs of header and context give the same bytes. */
function associatedData(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

function takeApart(sealed: Uint8Array) {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes[0] !== version) throw new TamperedError('it is not in a known format');
  const idEnd = 2 + (bytes[1] ?? 0);
  const nonceEnd = idEnd + nonceBytes;
  const tagStart = bytes.length - tagBytes;
  if (tagStart < nonceEnd) throw new TamperedError('it is cut off');
  return {
    id: bytes.toString('utf8', 2, idEnd),
    header: bytes.subarray(0, idEnd),
    nonce: bytes.subarray(idEnd, nonceEnd),
    ciphertext: bytes.subarray(nonceEnd, tagStart),
    tag: bytes.subarray(tagStart),
  };
}
