import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { now, type Registration } from './device.ts';
import type { Refusal } from './faults.ts';
import type { Network } from './network.ts';
import { node } from './wire/node.ts';
import type { Handshake } from './wire/noise.ts';
import type { ClientStream } from './wire/stream.ts';

/** A client has introduced itself: it registers, or logs in, or is refused. */
export function introduce(network: Network, stream: ClientStream, { clientKey, payload }: Handshake): void {
  if (payload.devicePairingData && !payload.username) {
    stream.register();
    network.linking.offer(stream, registrationOf(clientKey, payload.devicePairingData));
    return;
  }
  const phone = String(payload.username ?? '');
  const account = network.account(phone);
  const device = account?.devices.get(payload.device ?? 0);
  // The Noise key is the device's identity: whoever else claims its number is not it.
  const genuine = device?.noiseKey.equals(clientKey) ? device : undefined;
  const refusal = refusalOf(network, phone, genuine !== undefined, payload.userAgent?.appVersion);
  const number = payload.device ?? 0;
  if (refusal === 'ignore') {
    network.logins.note(phone, number, 'unanswered');
    stream.ignore();
    return;
  }
  if (refusal || !genuine) {
    const { reason, expire } = refusal ?? unlinked;
    network.counters.addTo('loginsFailed', reason);
    network.logins.note(phone, number, reason);
    network.log.info({ phone, device: number, reason }, 'login.refused');
    stream.send(node('failure', { reason, expire, location: 'sim' }));
    stream.close();
    return;
  }
  network.logins.note(phone, number);
  genuine.logins += 1;
  if (payload.pushName) {
    genuine.pushName = payload.pushName;
    // A phone without a name of its own takes the client's: the phone's messages would set the client's name otherwise.
    if (genuine.account.name === phone) genuine.account.name = payload.pushName;
  }
  network.counters.add('logins');
  stream.login(genuine);
  network.log.debug({ device: genuine.name, waiting: genuine.queue.size }, 'login.accepted');
  stream.send(node('success', { t: now(), lid: genuine.lid, location: 'sim', props: 27 }));
}

/** No such device, or not with these keys. */
const unlinked: Refusal = { reason: '401' };

/** Why a login is not taken. Whoever is too old hears that first. */
function refusalOf(
  { faults }: Network,
  phone: string,
  isGenuine: boolean,
  version: proto.ClientPayload.UserAgent.IAppVersion | null | undefined,
): Refusal | 'ignore' | undefined {
  const claimed = [version?.primary, version?.secondary, version?.tertiary];
  const older = faults.oldestVersion.findIndex((number, place) => (claimed[place] ?? 0) !== number);
  if (older >= 0 && (claimed[older] ?? 0) < (faults.oldestVersion[older] ?? 0)) return { reason: '405' };
  return faults.takeRejection(phone) ?? (isGenuine ? undefined : unlinked);
}

function registrationOf(noiseKey: Buffer, data: proto.ClientPayload.IDevicePairingRegistrationData): Registration {
  const keyId = Buffer.from(data.eSkeyId ?? []);
  const registrationId = Buffer.from(data.eRegid ?? []);
  return {
    noiseKey,
    identity: Buffer.from(data.eIdent ?? []),
    registrationId: registrationId.length ? registrationId.readUIntBE(0, registrationId.length) : 0,
    signedPreKey: {
      id: keyId.length ? keyId.readUIntBE(0, keyId.length) : 0,
      publicKey: Buffer.from(data.eSkeyVal ?? []),
      signature: Buffer.from(data.eSkeySig ?? []),
    },
  };
}
