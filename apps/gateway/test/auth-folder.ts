import { generateKeyPairSync, randomBytes } from 'node:crypto';

const buffer = (bytes: Buffer) => ({ type: 'Buffer', data: bytes.toString('base64') });

function keyPair() {
  const { privateKey } = generateKeyPairSync('x25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  return { private: buffer(Buffer.from(d, 'base64url')), public: buffer(Buffer.from(x, 'base64url')) };
}

/** The smallest auth folder that is whole, and texts of it that must not be seen anywhere. */
export function authFolder(phone = '4915112345678') {
  const noiseKey = keyPair();
  const preKey = keyPair();
  const creds = {
    noiseKey,
    signedIdentityKey: keyPair(),
    signedPreKey: { keyPair: keyPair(), signature: buffer(randomBytes(64)), keyId: 1 },
    registrationId: 7,
    advSecretKey: randomBytes(32).toString('base64'),
    nextPreKeyId: 2,
    firstUnuploadedPreKeyId: 2,
    me: { id: `${phone}:5@s.whatsapp.net`, name: 'Flowers' },
    account: {
      details: randomBytes(9).toString('base64'),
      accountSignature: randomBytes(64).toString('base64'),
      deviceSignature: randomBytes(64).toString('base64'),
    },
  };
  return {
    files: { 'creds.json': JSON.stringify(creds), 'pre-key-1.json': JSON.stringify(preKey) },
    secrets: [noiseKey.private.data, preKey.private.data, creds.advSecretKey, phone],
  };
}
