import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { MediaError } from './errors.ts';
import { assertKey, measured, type ObjectStore, type PresignOptions, type PutOptions, served } from './object-store.ts';

export interface S3StoreOptions {
  /** Such as `https://minio.example.com:9000`. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
  region: string;
  /** The same server as it is reached from outside: without it there are no presigned URLs. */
  publicUrl?: string;
}

/** The smallest part that S3 takes; one is in memory for each upload. 10,000 parts make 50 GB. */
const partBytes = 5 * 1024 * 1024;
/** What is smaller is kept as it comes, without the memory of a part. */
const smallBytes = 256 * 1024;
/** One request lists so many keys at most. */
const mostKeys = 1_000;

const errorName = (error: unknown) => (error instanceof Error ? error.name : '');
const isMissing = (error: unknown) => ['NoSuchKey', 'NotFound', 'NoSuchBucket', '404'].includes(errorName(error));

/** A refusal of the server, or a connection that failed, as an error of the store: without URLs and signatures. */
function unavailable(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : errorName(error);
  return new MediaError('MEDIA_STORE_UNAVAILABLE', `the S3 server cannot be used (${code})`, { cause: error });
}

/** The client is loaded with the first request: 36 MB of memory that a directory does not need. */
function loadClient(options: S3StoreOptions) {
  let loading: ReturnType<typeof load> | undefined;
  const load = async () => {
    const [commands, { getSignedUrl }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/s3-request-presigner'),
    ]);
    const clientFor = (endpoint: string) =>
      new commands.S3Client({
        endpoint,
        region: options.region,
        credentials: { accessKeyId: options.accessKey, secretAccessKey: options.secretKey },
        // Buckets as part of the host's name need DNS that MinIO seldom has.
        forcePathStyle: true,
        // Checksums in trailers are not understood by every server that speaks S3.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
        maxAttempts: 3,
      });
    return { commands, getSignedUrl, client: clientFor(options.endpoint), clientFor };
  };
  return {
    get() {
      loading ??= load();
      return loading;
    },
    async closeIfLoaded() {
      if (loading) (await loading).client.destroy();
    },
  };
}

interface Target {
  commands: typeof import('@aws-sdk/client-s3');
  client: S3Client;
  Bucket: string;
  Key: string;
}

/** Uploads a stream of unknown length: what is small at once, the rest part by part, out of one buffer. */
async function upload(
  { commands, client, Bucket, Key }: Target,
  stream: AsyncGenerator<Uint8Array>,
  { contentType: ContentType, signal }: PutOptions,
): Promise<void> {
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let isOver = false;
  while (!isOver && headBytes <= smallBytes) {
    const { done, value } = await stream.next();
    isOver = done === true;
    if (value) head.push(value);
    headBytes += value?.byteLength ?? 0;
  }
  const whole = { Bucket, Key, ContentType };
  const options = { abortSignal: signal };
  if (isOver) {
    await client.send(new commands.PutObjectCommand({ ...whole, Body: Buffer.concat(head) }), options);
    return;
  }

  const { UploadId } = await client.send(new commands.CreateMultipartUploadCommand(whole), options);
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for await (const Body of partsOf(head, stream)) {
      const PartNumber = Parts.length + 1;
      const part = new commands.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body });
      Parts.push({ ETag: (await client.send(part, options)).ETag, PartNumber });
    }
    const end = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    await client.send(new commands.CompleteMultipartUploadCommand(end), options);
  } catch (error) {
    // If that fails too, the sweep does it after a day.
    await client.send(new commands.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
    throw error;
  }
}

/** Pieces of `partBytes` and a rest. All are views of one buffer: each is good until the next is asked for. */
async function* partsOf(head: Uint8Array[], stream: AsyncGenerator<Uint8Array>): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(partBytes);
  let filled = 0;
  async function* all() {
    yield* head.splice(0);
    yield* stream;
  }
  for await (const chunk of all()) {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + partBytes - filled);
      buffer.set(piece, filled);
      filled += piece.byteLength;
      at += piece.byteLength;
      if (filled === partBytes) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/**
 * Objects in a bucket of S3, MinIO or another server with that protocol. The bucket is created with the first upload
 * if it is missing. Uploads are streamed in parts of 5 MiB, so that their length need not be known.
 */
export function createS3Store(options: S3StoreOptions): ObjectStore {
  const Bucket = options.bucket;
  const library = loadClient(options);
  let bucketReady: Promise<void> | undefined;
  let publicClient: S3Client | undefined;

  async function ensureBucket(): Promise<void> {
    const { commands, client } = await library.get();
    try {
      await client.send(new commands.HeadBucketCommand({ Bucket }));
    } catch (error) {
      if (!isMissing(error)) throw error;
      await client.send(new commands.CreateBucketCommand({ Bucket })).catch((refusal: unknown) => {
        // Another process was quicker.
        if (!/^BucketAlready(OwnedByYou|Exists)$/.test(errorName(refusal))) throw refusal;
      });
    }
  }

  async function readyBucket() {
    bucketReady ??= ensureBucket();
    await bucketReady.catch((error: unknown) => {
      bucketReady = undefined;
      throw unavailable(error);
    });
    return library.get();
  }

  async function put(...[key, body, putOptions]: Parameters<ObjectStore['put']>) {
    assertKey(key);
    const { stream, result } = measured(body, putOptions);
    // What the source throws must arrive as it is, not as a failure of the server.
    let sourceError: unknown;
    async function* watched() {
      try {
        yield* stream;
      } catch (error) {
        sourceError = error;
        throw error;
      }
    }
    try {
      const { commands, client } = await readyBucket();
      await upload({ commands, client, Bucket, Key: key }, watched(), putOptions);
      return result();
    } catch (error) {
      await stream.return(undefined).catch(() => {});
      putOptions.signal?.throwIfAborted();
      throw sourceError ?? unavailable(error);
    }
  }

  /** One request; undefined if the object does not exist. */
  async function ask<T>(request: (library: Awaited<ReturnType<typeof loaded>>) => Promise<T>): Promise<T | undefined> {
    try {
      return await request(await loaded());
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unavailable(error);
    }
  }
  const loaded = () => library.get();

  async function get(...[key, { range, signal } = {}]: Parameters<ObjectStore['get']>) {
    assertKey(key);
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await ask(({ commands, client }) =>
      client.send(new commands.GetObjectCommand({ Bucket, Key: key, Range }), { abortSignal: signal }),
    );
    return answer?.Body instanceof Readable ? served(answer.Body) : undefined;
  }

  async function head(key: string) {
    assertKey(key);
    const answer = await ask(({ commands, client }) =>
      client.send(new commands.HeadObjectCommand({ Bucket, Key: key })),
    );
    return (
      answer && { key, size: answer.ContentLength ?? 0, modifiedAt: (answer.LastModified ?? new Date(0)).getTime() }
    );
  }

  async function remove(key: string) {
    assertKey(key);
    await ask(({ commands, client }) => client.send(new commands.DeleteObjectCommand({ Bucket, Key: key })));
  }

  async function move(from: string, to: string) {
    assertKey(from);
    assertKey(to);
    const copied = await ask(({ commands, client }) =>
      client.send(new commands.CopyObjectCommand({ Bucket, Key: to, CopySource: `${Bucket}/${from}` })),
    );
    if (copied) await remove(from);
    return copied !== undefined;
  }

  async function list({ prefix, after, limit }: Parameters<ObjectStore['list']>[0]) {
    const answer = await ask(({ commands, client }) =>
      client.send(
        new commands.ListObjectsV2Command({
          Bucket,
          Prefix: prefix || undefined,
          StartAfter: after || undefined,
          MaxKeys: Math.min(limit, mostKeys),
        }),
      ),
    );
    return (answer?.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key,
      size: Size,
      modifiedAt: LastModified?.getTime() ?? 0,
    }));
  }

  async function removeUnfinished(before: number) {
    const answer = await ask(({ commands, client }) =>
      client.send(new commands.ListMultipartUploadsCommand({ Bucket, MaxUploads: mostKeys })),
    );
    for (const { Key, UploadId, Initiated } of answer?.Uploads ?? [])
      if (Initiated && Initiated.getTime() < before)
        await ask(({ commands, client }) =>
          client.send(new commands.AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
        );
  }

  async function presign(key: string, { seconds, contentType, contentDisposition }: PresignOptions) {
    assertKey(key);
    const { commands, getSignedUrl, clientFor } = await library.get();
    // The host is part of what is signed, so it must be the one that is asked.
    publicClient ??= clientFor(options.publicUrl ?? options.endpoint);
    const command = new commands.GetObjectCommand({
      Bucket,
      Key: key,
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
    });
    return getSignedUrl(publicClient, command, { expiresIn: seconds });
  }

  return {
    put,
    get,
    head,
    move,
    remove,
    list,
    removeUnfinished,
    ...(options.publicUrl && { presign }),
    close() {
      void library.closeIfLoaded();
      publicClient?.destroy();
    },
  };
}
