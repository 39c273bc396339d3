import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import type { Group } from './groups/group.ts';
import { type BinaryNode, children, node } from './wire/node.ts';

/** A call from a contact to an account, or from an account's client. */
export interface Call {
  id: string;
  from: Account;
  to: Account;
  group: Group | undefined;
  video: boolean;
  /** Unix milliseconds. */
  at: number;
  state: 'ringing' | 'rejected' | 'ended' | 'missed';
  /** `phone:device` that rejected it. */
  by: string | undefined;
}

/** Calls that ring. Nobody ever talks. */
export class Calls {
  readonly #calls = new Map<string, Call>();

  get all(): Call[] {
    return [...this.#calls.values()];
  }

  find(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  /** Rings at all devices of an account. */
  offer(from: Account, to: Account, { video, group }: { video: boolean; group?: Group | undefined }): Call {
    const id = randomBytes(16).toString('hex').toUpperCase();
    const call: Call = { id, from, to, group, video, at: Date.now(), state: 'ringing', by: undefined };
    this.#calls.set(id, call);
    const media = [node('audio', { enc: 'opus', rate: 16_000 }), ...(video ? [node('video', { enc: 'vp8' })] : [])];
    const attributes = {
      caller_pn: from.jid('pn'),
      joinable: 1,
      ...(group && { type: 'group', 'group-jid': group.jid }),
    };
    for (const device of to.devices.values()) device.deliver(this.#stanza(call, 'offer', attributes, media));
    return call;
  }

  /** The caller hangs up, or nobody has answered for too long. */
  end(call: Call, reason: 'hangup' | 'timeout'): void {
    if (call.state !== 'ringing') return;
    call.state = reason === 'timeout' ? 'missed' : 'ended';
    this.#terminate(call, reason);
  }

  /** A client's `<call>`: it rejects one, or wants a link to one. Gives what belongs into the ack. */
  take(device: Device, stanza: BinaryNode): BinaryNode[] {
    const [wanted] = children(stanza);
    if (wanted?.tag === 'link_create') {
      const token = randomBytes(11).toString('base64url');
      return [node('link_create', { token, media: wanted.attrs.media })];
    }
    const call = this.#calls.get(wanted?.attrs['call-id'] ?? '');
    if (wanted?.tag === 'reject' && call?.state === 'ringing' && call.to === device.account) {
      call.state = 'rejected';
      call.by = device.name;
      this.#terminate(call, 'rejected_elsewhere', device);
    }
    return [];
  }

  reset(): void {
    this.#calls.clear();
  }

  #terminate(call: Call, reason: string, except?: Device): void {
    for (const device of call.to.devices.values()) {
      if (device !== except) device.deliver(this.#stanza(call, 'terminate', { reason }));
    }
  }

  #stanza(
    { id, from, group }: Call,
    tag: string,
    attributes: Record<string, string | number>,
    content?: BinaryNode[],
  ): BinaryNode {
    const caller = from.jid('lid');
    const head = { from: group?.jid ?? caller, id: randomBytes(8).toString('hex').toUpperCase(), t: now() };
    return node('call', { ...head, notify: from.name, platform: 'android', version: '2.24.7' }, [
      node(tag, { 'call-id': id, 'call-creator': caller, ...attributes }, content),
    ]);
  }
}
