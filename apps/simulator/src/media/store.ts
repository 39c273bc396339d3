import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MediaFaults } from './faults.ts';

/** Bytes of one blob that are kept in memory; a larger one goes to a temporary file. */
const maxInMemory = 1024 * 1024;
/** Bytes of all blobs in memory; beyond, small ones go to files too. */
const maxTotalInMemory = 64 * 1024 * 1024;

/** Where clients find a blob. */
export interface StoredMedia {
  /** Absolute, by HTTPS. */
  url: string;
  /** The part behind the host, as messages carry it. */
  directPath: string;
}

/** What is known of a blob besides its bytes. */
export interface MediaOrigin {
  /** `image`, `video`, …, as in the upload path; `picture` for profile pictures. */
  kind: string;
  contentType?: string | undefined;
  /** `phone:device` that uploaded it; nobody if it came from a contact or the admin API. */
  uploadedBy?: string | undefined;
}

/** A blob: encrypted media, which the service cannot read, or a profile picture, which it can. */
export interface MediaBlob extends MediaOrigin {
  directPath: string;
  /** SHA-256 of the bytes, base64url: the name under which clients upload it. */
  hash: string;
  size: number;
  /** Unix milliseconds. */
  at: number;
  /** How often clients uploaded exactly these bytes. */
  uploads: number;
  /** Answered GET requests, whole or in part. */
  downloads: number;
  expired: boolean;
}

/** A blob's bytes, in memory or in a file. */
type Content = { bytes: Buffer } | { file: string };

/** All blobs of the simulated media servers, until a reset. */
export class MediaStore {
  /** `host:port` in the URLs of what nobody uploaded by a host of its own. */
  host = 'localhost';
  readonly faults = new MediaFaults();
  readonly #blobs = new Map<string, { blob: MediaBlob; content: Content }>();
  readonly #byHash = new Map<string, string>();
  #directory: Promise<string> | undefined;
  #inMemory = 0;

  /**
   * Stores bytes or a stream of them. The same bytes of the same kind have one path; storing them again renews what had
   * expired. `host` (with its port) is the one that the URL names.
   */
  async put(
    source: Uint8Array | AsyncIterable<Uint8Array>,
    origin: MediaOrigin,
    host: string = this.host,
  ): Promise<StoredMedia & { blob: MediaBlob }> {
    const { content, hash, size } = await this.#take(source instanceof Uint8Array ? [source] : source);
    const key = `${origin.kind}|${hash}`;
    const known = this.#blobs.get(this.#byHash.get(key) ?? '');
    if (known) await this.#discard(content);
    const directPath = known?.blob.directPath ?? `/v/${origin.kind}/${randomBytes(12).toString('base64url')}`;
    const entry = known ?? {
      blob: { ...origin, directPath, hash, size, at: Date.now(), uploads: 0, downloads: 0, expired: false },
      content,
    };
    entry.blob.expired = false;
    if (origin.uploadedBy) {
      entry.blob.uploadedBy = origin.uploadedBy;
      entry.blob.uploads += 1;
    }
    this.#blobs.set(directPath, entry);
    this.#byHash.set(key, directPath);
    return { url: this.urlOf(directPath, host), directPath, blob: entry.blob };
  }

  /** The URL of a path on a host, which is the simulator's own if none is named. */
  urlOf(directPath: string, host: string = this.host): string {
    return `https://${host}${directPath}`;
  }

  /** What is known of a path, with or without query, or of a URL. */
  get(pathOrUrl: string): MediaBlob | undefined {
    return this.#blobs.get(new URL(pathOrUrl, 'https://localhost').pathname)?.blob;
  }

  /** A blob's bytes from `start` to before `end`, expired or not. */
  read({ directPath, size }: MediaBlob, start = 0, end = size): Readable {
    const content = this.#blobs.get(directPath)?.content;
    if (!content || start >= end) return Readable.from([]);
    return 'bytes' in content
      ? Readable.from([content.bytes.subarray(start, end)])
      : createReadStream(content.file, { start, end: end - 1 });
  }

  /** All bytes of a blob at once. */
  async bytes({ directPath }: MediaBlob): Promise<Buffer> {
    const content = this.#blobs.get(directPath)?.content;
    if (!content) return Buffer.alloc(0);
    return 'bytes' in content ? content.bytes : readFile(content.file);
  }

  /** Takes one upload back, and forgets the blob if nobody else has uploaded it. */
  async retract(blob: MediaBlob): Promise<void> {
    const { directPath, kind, hash } = blob;
    blob.uploads -= 1;
    if (blob.uploads > 0) return;
    const entry = this.#blobs.get(directPath);
    this.#blobs.delete(directPath);
    this.#byHash.delete(`${kind}|${hash}`);
    if (entry) await this.#discard(entry.content);
  }

  /** All blobs, oldest first. */
  list(): MediaBlob[] {
    return Array.from(this.#blobs.values(), ({ blob }) => blob);
  }

  /**
   * Lets the phone upload an expired blob again: a new path with the same bytes. The old path stays expired. Undefined if
   * nobody ever had it.
   */
  async renew(pathOrUrl: string): Promise<StoredMedia | undefined> {
    const old = this.get(pathOrUrl);
    if (!old) return undefined;
    this.#byHash.delete(`${old.kind}|${old.hash}`);
    const { kind, contentType } = old;
    return this.put(this.read(old), { kind, contentType });
  }

  /** Bytes that are in memory and not in files. */
  get bytesInMemory(): number {
    return this.#inMemory;
  }

  /** Forgets all blobs. */
  async reset(): Promise<void> {
    const directory = this.#directory;
    this.#directory = undefined;
    this.#blobs.clear();
    this.#byHash.clear();
    this.#inMemory = 0;
    this.faults.clear();
    if (directory) await rm(await directory, { recursive: true, force: true });
  }

  async #take(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    const hash = createHash('sha256');
    const parts: Uint8Array[] = [];
    let size = 0;
    let file: { path: string; handle: FileHandle } | undefined;
    try {
      for await (const part of source) {
        hash.update(part);
        size += part.length;
        if (!file) {
          parts.push(part);
          if (size <= maxInMemory && this.#inMemory + size <= maxTotalInMemory) continue;
          const path = join(await this.#folder(), randomBytes(12).toString('hex'));
          file = { path, handle: await open(path, 'w') };
          await file.handle.appendFile(Buffer.concat(parts.splice(0)));
        } else {
          await file.handle.appendFile(part);
        }
      }
    } catch (error) {
      // A client that hangs up in the middle leaves nothing behind.
      await file?.handle.close();
      if (file) await rm(file.path, { force: true });
      throw error;
    }
    await file?.handle.close();
    if (!file) this.#inMemory += size;
    const content: Content = file ? { file: file.path } : { bytes: Buffer.concat(parts) };
    return { content, size, hash: hash.digest('base64url') };
  }

  async #discard(content: Content): Promise<void> {
    if ('bytes' in content) this.#inMemory -= content.bytes.length;
    else await rm(content.file, { force: true });
  }

  #folder(): Promise<string> {
    this.#directory ??= mkdtemp(join(tmpdir(), 'flotilla-simulator-media-'));
    return this.#directory;
  }
}
