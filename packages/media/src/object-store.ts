import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { MediaError } from './errors.ts';
import { passBytes } from './young-memory.ts';

/** Bytes from `start` to `end`, both included, as HTTP counts them. */
export interface ByteRange {
  start: number;
  end: number;
}

/** What a store knows of an object without reading it. */
export interface ObjectInfo {
  key: string;
  /** Bytes. */
  size: number;
  /** Unix ms, by the store's clock. */
  modifiedAt: number;
}

export interface PutOptions {
  /** One byte more is an error; `Infinity` for no limit. */
  maxBytes: number;
  contentType?: string;
  signal?: AbortSignal;
}

export interface Stored {
  /** Bytes. */
  size: number;
  /** As hex. */
  sha256: string;
}

export interface PresignOptions {
  /** How long the URL is good for. */
  seconds: number;
  contentType: string;
  contentDisposition: string;
}

/**
 * Objects by key. Keys are parts of letters, digits, `_`, `-` and `.`, joined by `/`; no part begins with a dot.
 * An object is there completely or not at all. Errors are `MediaError`s.
 */
export interface ObjectStore {
  /**
   * Stores a stream with bounded memory; an object of that key is replaced in one step.
   * @throws MediaError `MEDIA_TOO_LARGE` past the limit; whatever the stream throws. Then nothing has changed
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Stored>;
  /** Opens an object, or a part of it; undefined if there is none. Whoever gets the stream must read or destroy it. */
  get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<Readable | undefined>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Gives an object another key. @returns false if it is gone */
  move(from: string, to: string): Promise<boolean>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Objects whose keys come behind `after`, in the order of keys; fewer than `limit` only at the end. */
  list(options: { prefix?: string; after?: string; limit: number }): Promise<ObjectInfo[]>;
  /** Removes what uploads that were cut off before `before` (Unix ms) have left behind. */
  removeUnfinished(before: number): Promise<void>;
  /** A URL by which anybody can fetch the object from the store itself, if it can be reached from outside. */
  presign?(key: string, options: PresignOptions): Promise<string>;
  /** Ends idle connections. */
  close(): void;
}

const keyPattern = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;

/** Refuses a key that could mean something outside the store. */
export function assertKey(key: string): void {
  if (key.length > 500 || !keyPattern.test(key)) throw new TypeError('Not a key of the media store');
}

/**
 * Passes a stream on, counts and hashes it, and cuts it off at its limit.
 * @returns the stream, and a function for what went through, to be called at its end
 */
export function measured(body: AsyncIterable<Uint8Array>, { maxBytes, signal }: PutOptions) {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      signal?.throwIfAborted();
      size += chunk.byteLength;
      if (size > maxBytes) throw new MediaError('MEDIA_TOO_LARGE', maxBytes);
      hash.update(chunk);
      passBytes(chunk.byteLength);
      yield chunk;
    }
    signal?.throwIfAborted();
  }
  return { stream: pass(), result: (): Stored => ({ size, sha256: hash.digest('hex') }) };
}

/** Passes an object on as it is read, without letting its dead buffers pile up. Destroying it closes the object. */
export function served(object: Readable): Readable {
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passBytes(chunk.byteLength);
      done(null, chunk);
    },
  });
  // Whoever reads hears of errors; nobody else has to.
  pipeline(object, passing, () => {});
  return passing;
}
