import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentMediaId, fleetKeys, newId } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { Downloader, FetchedFile } from './download.ts';
import { MediaError } from './errors.ts';
import type { ByteRange, ObjectStore, PresignOptions } from './object-store.ts';
import { dataKey, incomingKey, isMediaId, type MediaRecord, recordKey } from './record.ts';
import { withType } from './sniff.ts';
import { type SweepOptions, type SweepResult, sweep } from './sweep.ts';
import { createUsage } from './usage.ts';

export interface MediaLimits {
  /** Largest file (bytes). 0: none. */
  fileBytes: number;
  /** All files of a tenant together (bytes). 0: none. */
  tenantBytes: number;
  /** How long a file is kept (ms). 0: until it is deleted. */
  retentionMs: number;
  /** How long fetching a file by URL may take in all (ms). */
  fetchTimeoutMs: number;
}

/** What is known of a file beside its content. */
export interface FileDetails {
  /** Default: what the content looks like. */
  mimeType?: string;
  fileName?: string;
  signal?: AbortSignal;
}

export interface PutDetails extends FileDetails {
  /** An id of its own making, such as `receivedMediaId`: a file that has it already is replaced. Default: a new one. */
  id?: string;
  /** The instance that received it. */
  instance?: string;
}

export interface MediaOptions {
  store: ObjectStore;
  redis: Redis;
  downloader: Downloader;
  limits: MediaLimits;
}

export type Media = ReturnType<typeof createMedia>;

/** How much may be stored, and what to say if it is more. */
interface Limit {
  maxBytes: number;
  refusal: MediaError;
}

/** Whether a file is about to go: it may be swept while it is looked at. */
const isEnding = ({ expiresAt = Number.POSITIVE_INFINITY }: MediaRecord) => expiresAt < Date.now() + 60_000;

/** Whether two records are of the same content under the same name. */
const isSame = (a: MediaRecord, b: MediaRecord) =>
  a.sha256 === b.sha256 && a.size === b.size && a.mimeType === b.mimeType && a.fileName === b.fileName;

/** Records are small; this is far more than any of them. */
const mostRecordBytes = 65_536;

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/**
 * Files of tenants: content and record in an object store, limits, retention. All writes stream, with memory that does
 * not depend on the size of the file. A file of another tenant is like one that does not exist.
 */
export function createMedia({ store, redis, downloader, limits }: MediaOptions) {
  const usage = createUsage(redis);

  /** How large a file may be, however much room there is. */
  const fileLimit = (): Limit => {
    const maxBytes = limits.fileBytes || Number.POSITIVE_INFINITY;
    return { maxBytes, refusal: new MediaError('MEDIA_TOO_LARGE', maxBytes) };
  };

  /** How much a tenant may add now, and what to say if it is more. */
  async function roomOf(tenant: string): Promise<Limit> {
    const fileBytes = limits.fileBytes || Number.POSITIVE_INFINITY;
    const left = limits.tenantBytes === 0 ? Number.POSITIVE_INFINITY : limits.tenantBytes - (await usage.of(tenant));
    if (left <= 0) throw new MediaError('MEDIA_QUOTA_EXCEEDED', limits.tenantBytes);
    return left < fileBytes
      ? { maxBytes: left, refusal: new MediaError('MEDIA_QUOTA_EXCEEDED', limits.tenantBytes) }
      : { maxBytes: fileBytes, refusal: new MediaError('MEDIA_TOO_LARGE', fileBytes) };
  }

  /** Streams content into the store. */
  async function upload(
    tenant: string,
    key: string,
    content: AsyncIterable<Uint8Array>,
    details: FileDetails,
    limit?: Limit,
  ) {
    const { maxBytes, refusal } = limit ?? (await roomOf(tenant));
    const typed = await withType(content, details.mimeType);
    try {
      const stored = await store.put(key, typed.content, {
        maxBytes,
        contentType: typed.mimeType,
        signal: details.signal,
      });
      return { ...stored, mimeType: typed.mimeType };
    } catch (error) {
      throw error instanceof MediaError && error.code === 'MEDIA_TOO_LARGE' ? refusal : error;
    }
  }

  /** Makes content that has been stored a file of the tenant; what the record replaces goes. */
  async function commit(record: MediaRecord): Promise<MediaRecord> {
    const { tenant, id } = record;
    try {
      const replaced = await readRecord(tenant, id);
      if (replaced && isSame(replaced, record) && !isEnding(replaced)) {
        // Somebody stored the very same in the meantime, and may be reading it already: theirs stays.
        await store.remove(record.data).catch(() => {});
        return renew(replaced);
      }
      const added = record.size - (replaced?.size ?? 0);
      if (!(await usage.charge(tenant, added, limits.tenantBytes)))
        throw new MediaError('MEDIA_QUOTA_EXCEEDED', limits.tenantBytes);
      await writeRecord(record);
      if (replaced && replaced.data !== record.data) await store.remove(replaced.data).catch(() => {});
      return record;
    } catch (error) {
      // The counter may now be too high; the next count puts it right.
      await store.remove(record.data).catch(() => {});
      throw error;
    }
  }

  /** Lets a file live as long as one that is stored now. */
  async function renew(record: MediaRecord): Promise<MediaRecord> {
    const renewed = { ...record, expiresAt: lifetime().expiresAt };
    await writeRecord(renewed);
    return renewed;
  }

  const writeRecord = (record: MediaRecord) =>
    store.put(recordKey(record.tenant, record.id), one(JSON.stringify(record)), {
      maxBytes: mostRecordBytes,
      contentType: 'application/json',
    });

  async function readRecord(tenant: string, id: string): Promise<MediaRecord | undefined> {
    const stream = await store.get(recordKey(tenant, id));
    if (!stream) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const record: MediaRecord = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return record;
  }

  const lifetime = () => {
    const createdAt = Date.now();
    return { createdAt, ...(limits.retentionMs > 0 && { expiresAt: createdAt + limits.retentionMs }) };
  };

  async function put(tenant: string, content: AsyncIterable<Uint8Array>, details: PutDetails = {}) {
    const { id = newId('media'), instance, fileName } = details;
    const data = dataKey(tenant, id, randomUUID());
    const stored = await upload(tenant, data, content, details);
    return commit({ id, tenant, instance, fileName, ...stored, ...lifetime(), data });
  }

  async function putContent(tenant: string, content: AsyncIterable<Uint8Array>, details: FileDetails = {}) {
    const { fileName } = details;
    const incoming = incomingKey(tenant, randomUUID());
    // What is stored already takes no room: whether there is any shows when it is known what it is.
    const stored = await upload(tenant, incoming, content, details, fileLimit());
    const id = contentMediaId(tenant, { ...stored, fileName });
    const known = await find(tenant, id);
    if (known) {
      await store.remove(incoming).catch(() => {});
      return renew(known);
    }
    const data = dataKey(tenant, id, randomUUID());
    await store.move(incoming, data);
    return commit({ id, tenant, fileName, ...stored, ...lifetime(), data });
  }

  async function find(tenant: string, id: string): Promise<MediaRecord | undefined> {
    const record = isMediaId(id) ? await readRecord(tenant, id) : undefined;
    return record && (record.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now() ? record : undefined;
  }

  /** Opens the content of a file; undefined if it was removed meanwhile. The stream must be read or destroyed. */
  const read = (record: MediaRecord, options: { range?: ByteRange; signal?: AbortSignal } = {}) =>
    store.get(record.data, options);

  return {
    /** As the settings say. */
    limits,

    /**
     * Stores a stream as a file of the tenant.
     * @throws MediaError `MEDIA_TOO_LARGE`, `MEDIA_QUOTA_EXCEEDED`, `MEDIA_STORE_UNAVAILABLE`; whatever the stream throws
     */
    put,

    /**
     * Stores a stream under an id that follows from its content, type and name: storing the same again adds nothing,
     * and only renews how long it is kept.
     * @throws MediaError like `put`
     */
    putContent,

    /**
     * Fetches a file by URL into the store.
     * @throws MediaError `MEDIA_SOURCE_FAILED`, and like `put`
     */
    async putFromUrl(tenant: string, url: string, details: PutDetails = {}): Promise<MediaRecord> {
      const { maxBytes, refusal } = await roomOf(tenant);
      const fetchLimits = { maxBytes, timeoutMs: limits.fetchTimeoutMs, signal: details.signal };
      const remote = await downloader.open(url, fetchLimits).catch((error: unknown) => {
        throw error instanceof MediaError && error.code === 'MEDIA_TOO_LARGE' ? refusal : error;
      });
      const { mimeType = remote.mimeType, fileName = remote.fileName } = details;
      try {
        return await put(tenant, remote.content, { ...details, mimeType, fileName });
      } finally {
        // Where it failed, nobody may have begun to read.
        remote.cancel();
      }
    },

    /** The record of a file; undefined if the tenant has none of that id, or it has expired. */
    find,
    read,

    /** Record and content of a file of the tenant. The stream must be read or destroyed. */
    async open(
      tenant: string,
      id: string,
      options: { range?: ByteRange; signal?: AbortSignal } = {},
    ): Promise<{ record: MediaRecord; stream: Readable } | undefined> {
      const record = await find(tenant, id);
      const stream = record && (await read(record, options));
      return stream && { record, stream };
    },

    /** Copies a file of the tenant to `path` on the local disk. @returns its record, undefined if there is no such file */
    async saveTo(tenant: string, id: string, path: string, signal?: AbortSignal): Promise<MediaRecord | undefined> {
      const record = await find(tenant, id);
      const stream = record && (await read(record, { signal }));
      if (!stream) return undefined;
      await pipeline(stream, createWriteStream(path), { signal });
      return record;
    },

    /**
     * Fetches a file by URL to `path` on the local disk, through the address guard.
     * @throws MediaError `MEDIA_SOURCE_FAILED`, `MEDIA_TOO_LARGE`
     */
    fetchToFile(url: string, path: string, options: { maxBytes?: number; signal?: AbortSignal } = {}) {
      const { maxBytes = limits.fileBytes || Number.POSITIVE_INFINITY, signal } = options;
      return downloader.toFile(url, path, {
        maxBytes,
        timeoutMs: limits.fetchTimeoutMs,
        signal,
      }) satisfies Promise<FetchedFile>;
    },

    /** Removes a file. @returns whether there was one */
    async remove(tenant: string, id: string): Promise<boolean> {
      const record = isMediaId(id) ? await readRecord(tenant, id) : undefined;
      if (!record) return false;
      await store.remove(recordKey(tenant, id));
      await store.remove(record.data);
      await usage.charge(tenant, -record.size, 0);
      return (record.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now();
    },

    /** A URL of the store itself for a file, if the store can be reached from outside. */
    async presign(record: MediaRecord, options: PresignOptions): Promise<string | undefined> {
      return store.presign?.(record.data, options);
    },

    /** Why a file cannot be fetched from a URL, as the end of a sentence about it; undefined if it may be tried. */
    checkUrl: downloader.check,

    /** Goes on removing what has expired, for some seconds at most. See `sweep`. */
    sweep: (options: Pick<SweepOptions, 'signal' | 'graceMs'> = {}): Promise<SweepResult> =>
      sweep({ store, redis, retentionMs: limits.retentionMs, ...options }),

    /** Has all files of a tenant removed by the sweep. */
    async removeTenant(tenant: string): Promise<void> {
      await redis.sadd(fleetKeys.mediaRemovals, tenant);
    },

    /** Ends what is under way. */
    close(): void {
      downloader.close();
      store.close();
    },
  };
}
