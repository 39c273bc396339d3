import { AuthFolderError } from './errors.ts';
import { credsFile } from './file-name.ts';
import { bytesOf, isObject, type Json, type JsonObject } from './json.ts';
import { wrongKeyPair } from './key-pair.ts';

/** What the checks of other files need to know of the credentials. */
export interface Credentials {
  /** The linked device as WhatsApp names it: `<phone>:<device>@s.whatsapp.net`. */
  jid: string;
  /** Digits only. */
  phone: string;
  device: number;
  /** What the owner of the account calls itself. */
  pushName: string | undefined;
  nextPreKeyId: number;
  firstUnuploadedPreKeyId: number;
  /** Id of the key that app state is encrypted with at present. */
  appStateKeyId: string | undefined;
}

const refuse = (reason: string): never => {
  throw new AuthFolderError(credsFile, reason);
};

const integer = (creds: JsonObject, name: string, least: number): number => {
  const value = creds[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least)
    return refuse(`${name} is not a number from ${least} on`);
  return value;
};

/**
 * Checks that `creds.json` is of a device that a phone has linked, and whole.
 * @param creds its content, bytes normalised
 * @throws AuthFolderError with the field that is wrong, never with its value
 */
export function checkCredentials(creds: Json): Credentials {
  if (!isObject(creds)) return refuse('is not an object: these are no credentials of Baileys');
  if (!('noiseKey' in creds) && !('signedIdentityKey' in creds))
    return refuse('has neither noiseKey nor signedIdentityKey: these are no credentials of Baileys 5 to 7');
  for (const name of ['noiseKey', 'signedIdentityKey']) {
    const wrong = wrongKeyPair(creds[name]);
    if (wrong) return refuse(`${name} ${wrong}`);
  }
  const { signedPreKey } = creds;
  if (!isObject(signedPreKey)) return refuse('signedPreKey is missing');
  const wrong = wrongKeyPair(signedPreKey.keyPair);
  if (wrong) return refuse(`signedPreKey/keyPair ${wrong}`);
  if (bytesOf(signedPreKey.signature)?.length !== 64) return refuse('signedPreKey/signature is not 64 bytes');
  if (typeof signedPreKey.keyId !== 'number') return refuse('signedPreKey/keyId is not a number');
  if (typeof creds.advSecretKey !== 'string') return refuse('advSecretKey is missing');
  integer(creds, 'registrationId', 0);

  const linked = checkLink(creds);
  const { myAppStateKeyId } = creds;
  return {
    ...linked,
    nextPreKeyId: integer(creds, 'nextPreKeyId', 1),
    firstUnuploadedPreKeyId: integer(creds, 'firstUnuploadedPreKeyId', 1),
    appStateKeyId: typeof myAppStateKeyId === 'string' && myAppStateKeyId !== '' ? myAppStateKeyId : undefined,
  };
}

/** What only a phone gives: an address and its signature of this device. `registered` says nothing, QR codes leave it false. */
function checkLink(creds: JsonObject): Pick<Credentials, 'jid' | 'phone' | 'device' | 'pushName'> {
  const { me, account } = creds;
  if (!isObject(me) && !isObject(account))
    return refuse('no phone has linked this device: there is neither me nor account. Pair it with a QR code instead');
  if (!isObject(me) || typeof me.id !== 'string') return refuse('me is missing: pairing was not completed');
  const [, phone, device] = /^(\d{5,20}):(\d{1,5})@s\.whatsapp\.net$/.exec(me.id) ?? [];
  if (phone === undefined || device === undefined || Number(device) === 0)
    return refuse('me/id is not the address of a linked device');
  if (!isObject(account)) return refuse('account is missing: the phone has not signed this device');
  for (const name of ['details', 'accountSignature', 'deviceSignature']) {
    const value = account[name];
    const length = typeof value === 'string' ? Buffer.from(value, 'base64').length : bytesOf(value)?.length;
    if (!length || (name !== 'details' && length !== 64))
      return refuse(`account/${name} is missing or cut off: the phone has not signed this device`);
  }
  const pushName = typeof me.name === 'string' && me.name !== '' ? me.name : undefined;
  return { jid: me.id, phone, device: Number(device), pushName };
}
