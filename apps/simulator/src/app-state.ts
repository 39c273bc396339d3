import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Version conflict: the client has to fetch the newer patches first. */
export class VersionConflict extends Error {}

/** The patches of an account's app state collections. The server cannot read them. */
export class AppState {
  readonly #collections = new Map<string, Buffer[]>();

  /** Number of patches a collection has had. */
  version(collection: string): number {
    return this.#collections.get(collection)?.length ?? 0;
  }

  /** The encoded patches that came after `version`. */
  since(collection: string, version: number): Buffer[] {
    return this.#collections.get(collection)?.slice(version) ?? [];
  }

  /** Adds an encoded patch made on top of `version` and returns the new version. Throws {@link VersionConflict}. */
  append(collection: string, version: number, encoded: Uint8Array): number {
    if (version !== this.version(collection)) throw new VersionConflict(`${collection} is not at ${version}`);
    const patch = proto.SyncdPatch.decode(encoded);
    patch.version = { version: version + 1 };
    const patches = this.#collections.get(collection) ?? [];
    patches.push(Buffer.from(proto.SyncdPatch.encode(patch).finish()));
    this.#collections.set(collection, patches);
    return patches.length;
  }
}
