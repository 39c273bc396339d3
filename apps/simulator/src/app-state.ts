import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Version conflict: the client has to fetch the newer patches first. */
export class VersionConflict extends Error {}

/** Patches of a collection in one answer; clients ask again for the rest. */
const pageSize = 50;

/** The patches of an account's app state collections. The server cannot read them. */
export class AppState {
  readonly #collections = new Map<string, Buffer[]>();
  /** How many of the next uploads are refused as if another device had been faster. */
  conflicts = 0;

  /** The names of the collections that have patches. */
  get names(): string[] {
    return [...this.#collections.keys()];
  }

  /** Number of patches a collection has had. */
  version(collection: string): number {
    return this.#collections.get(collection)?.length ?? 0;
  }

  /** The encoded patches that came after `version`. */
  since(collection: string, version: number): Buffer[] {
    return this.#collections.get(collection)?.slice(version) ?? [];
  }

  /** As many of the patches after `version` as fit into an answer, the version they lead to, and whether more follow. */
  page(collection: string, version: number): { patches: Buffer[]; version: number; hasMore: boolean } {
    const all = this.since(collection, version);
    const patches = all.slice(0, pageSize);
    const hasMore = all.length > patches.length;
    return { patches, version: hasMore ? version + patches.length : this.version(collection), hasMore };
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

  /** Whether to refuse this upload. Counts it. */
  takeConflict(): boolean {
    if (this.conflicts <= 0) return false;
    this.conflicts -= 1;
    return true;
  }
}
