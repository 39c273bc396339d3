import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import type { Group } from '../groups/group.ts';
import type { Network } from '../network.ts';
import { notification } from '../notice.ts';
import { node } from '../wire/node.ts';

/** A profile picture. */
export interface Picture {
  id: string;
  directPath: string;
}

/** Whose picture it is. */
export type PictureOwner = { account: Account } | { group: Group };

/** The profile pictures of accounts and groups. The bytes are in the media store. */
export class Pictures {
  readonly #network: Network;
  readonly #pictures = new Map<string, Picture>();
  #lastId = 0;

  constructor(network: Network) {
    this.#network = network;
  }

  get(owner: PictureOwner): Picture | undefined {
    return this.#pictures.get(keyOf(owner));
  }

  /** Sets a picture and tells those whom it concerns, but not the device that did it. */
  async set(owner: PictureOwner, jpeg: Uint8Array, author: Account, except?: Device): Promise<Picture> {
    const { directPath } = await this.#network.media.put(jpeg, { kind: 'picture', contentType: 'image/jpeg' });
    // Ids are times on the real service; two within a second have to differ here as well.
    this.#lastId = Math.max(this.#lastId + 1, now());
    const picture = { id: String(this.#lastId), directPath };
    this.#pictures.set(keyOf(owner), picture);
    this.#announce(owner, picture, author, except);
    return picture;
  }

  /** Removes a picture and tells those whom it concerns. */
  remove(owner: PictureOwner, author: Account, except?: Device): void {
    if (this.#pictures.delete(keyOf(owner))) this.#announce(owner, undefined, author, except);
  }

  reset(): void {
    this.#pictures.clear();
  }

  #announce(owner: PictureOwner, picture: Picture | undefined, author: Account, except: Device | undefined): void {
    const jid = 'group' in owner ? owner.group.jid : owner.account.jid('pn');
    const by = 'group' in owner ? author.jid(owner.group.addressing) : undefined;
    const change = node(picture ? 'set' : 'delete', { jid, id: picture?.id, author: by });
    const audience = 'group' in owner ? owner.group.members : this.#network.acquaintances(owner.account);
    for (const account of new Set(audience)) {
      for (const device of account.devices.values()) {
        if (device !== except) device.deliver(notification(jid, 'picture', [change], { participant: by }));
      }
    }
  }
}

function keyOf(owner: PictureOwner): string {
  return 'group' in owner ? owner.group.jid : owner.account.phone;
}
