import { randomInt } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import { xeddsaSign } from '../signal/xeddsa.ts';

const accountPrefix = Buffer.from([6, 0]);
const devicePrefix = Buffer.from([6, 1]);

/** What the phone of an account signs for a device: `ADVSignedDeviceIdentity` without the device's own signature. */
export interface Voucher {
  details: Uint8Array;
  accountSignatureKey: Buffer;
  accountSignature: Buffer;
}

/** The phone of `account` signs that the device with this number and identity key is its own. */
export function vouchFor(account: Account, id: number, identity: Buffer): Voucher {
  const { identity: phone } = account.party;
  const details = proto.ADVDeviceIdentity.encode({
    rawId: randomInt(1, 2 ** 31),
    timestamp: now(),
    keyIndex: id,
    accountType: 0,
    deviceType: 0,
  }).finish();
  return {
    details,
    accountSignatureKey: phone.publicKey,
    accountSignature: xeddsaSign(phone, Buffer.concat([accountPrefix, details, identity])),
  };
}

/** What the device signs in its turn. */
export const messageOfDevice = ({ details, accountSignatureKey }: Voucher, identity: Buffer): Buffer =>
  Buffer.concat([devicePrefix, details, identity, accountSignatureKey]);

/** The encoded identity, with the device's signature if it has signed already. */
export const encodedIdentity = (voucher: Voucher, deviceSignature?: Uint8Array): Buffer =>
  Buffer.from(
    proto.ADVSignedDeviceIdentity.encode({ ...voucher, ...(deviceSignature && { deviceSignature }) }).finish(),
  );
