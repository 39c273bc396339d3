import { randomBytes, randomInt } from 'node:crypto';
import { BufferJSON } from '@whiskeysockets/baileys';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import { announceDevice } from '../device-list.ts';
import type { Network } from '../network.ts';
import { createKeyPair, type KeyPair } from '../signal/x25519.ts';
import { createSigningKey, xeddsaSign } from '../signal/xeddsa.ts';
import { encodedIdentity, messageOfDevice, vouchFor } from './device-identity.ts';

/** Signal puts this byte before a public key of Curve25519 when it is signed. */
const keyType = Buffer.from([5]);

/** Files of a Baileys multi-file auth folder: name to content. */
type Files = Record<string, string>;

/** Devices that are linked without a client, and what a client needs to be one of them. */
export interface StoredDevices {
  /** Files that are the same for all of them: the one-time pre-keys. */
  shared: Files;
  devices: { phone: string; lid: string; jid: string; device: number; files: Files }[];
}

const text = (value: unknown) => JSON.stringify(value, BufferJSON.replacer);
const pairOf = ({ publicKey, privateKey }: KeyPair) => ({ private: privateKey, public: publicKey });

/**
 * Links devices at once, each to a number of its own, as if a client had been paired, had uploaded its keys, had got its
 * phone's history and had gone away. Their one-time pre-keys are the same key pairs for all, as making them is nearly all
 * that a pairing takes; everything else is each one's own.
 * @param preKeys how many one-time keys each has uploaded; Baileys uploads 812
 */
export function storeDevices(
  network: Network,
  { count, preKeys, phones }: { count: number; preKeys: number; phones?: readonly string[] | undefined },
): StoredDevices {
  const pairs = Array.from({ length: preKeys }, createKeyPair);
  const uploaded = pairs.map(({ publicKey }, index) => ({ id: index + 1, publicKey }));
  const devices = Array.from({ length: count }, (_, index) => {
    const account = network.ensureAccount(phones?.[index]);
    const { device, files } = storeDevice(account, preKeys);
    device.preKeys.add(uploaded);
    network.counters.add('links');
    return { phone: account.phone, lid: device.lid, jid: device.pn, device: device.id, files };
  });
  return {
    shared: Object.fromEntries(pairs.map((pair, index) => [`pre-key-${index + 1}.json`, text(pairOf(pair))])),
    devices,
  };
}

function storeDevice(account: Account, preKeys: number) {
  const identity = createSigningKey();
  const noiseKey = createKeyPair();
  const signedPreKey = createKeyPair();
  const signature = xeddsaSign(identity, Buffer.concat([keyType, signedPreKey.publicKey]));
  const registrationId = randomInt(1, 16_380);
  const id = account.nextDevice();
  const voucher = vouchFor(account, id, identity.publicKey);
  const deviceSignature = xeddsaSign(identity, messageOfDevice(voucher, identity.publicKey));
  const device = account.addDevice(
    id,
    {
      noiseKey: noiseKey.publicKey,
      identity: identity.publicKey,
      registrationId,
      signedPreKey: { id: 1, publicKey: signedPreKey.publicKey, signature },
    },
    encodedIdentity(voucher, deviceSignature),
  );
  device.awaitsHistory = false;
  announceDevice(device, 'add');
  const { id: keyId, data: keyData } = account.appStateKey;
  const myAppStateKeyId = keyId.toString('base64');
  const creds = {
    noiseKey: pairOf(noiseKey),
    pairingEphemeralKeyPair: pairOf(createKeyPair()),
    signedIdentityKey: pairOf(identity),
    signedPreKey: { keyPair: pairOf(signedPreKey), signature, keyId: 1 },
    registrationId,
    advSecretKey: randomBytes(32).toString('base64'),
    processedHistoryMessages: [],
    nextPreKeyId: preKeys + 1,
    firstUnuploadedPreKeyId: preKeys + 1,
    accountSyncCounter: 1,
    accountSettings: { unarchiveChats: false },
    registered: false,
    account: proto.ADVSignedDeviceIdentity.fromObject({ ...voucher, deviceSignature }),
    me: { id: device.pn, lid: device.lid, name: account.name },
    signalIdentities: [
      {
        identifier: { name: device.lid, deviceId: 0 },
        identifierKey: Buffer.concat([keyType, voucher.accountSignatureKey]),
      },
    ],
    platform: 'android',
    myAppStateKeyId,
  };
  const key = proto.Message.AppStateSyncKeyData.fromObject({
    keyData,
    fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
    timestamp: now() * 1_000,
  });
  // As Baileys names the files: no slashes.
  const keyFile = `app-state-sync-key-${myAppStateKeyId.replaceAll('/', '__')}.json`;
  return { device, files: { 'creds.json': text(creds), [keyFile]: text(key) } };
}
