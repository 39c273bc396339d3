import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { MediaError } from './errors.ts';
import { assertKey, measured, type ObjectStore, type PresignOptions } from './object-store.ts';

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

/** The smallest part that S3 takes; two of them are in memory at a time. 10,000 parts make 50 GB. */
const partBytes = 5 * 1024 * 1024;
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
    const [commands, { Upload }, { getSignedUrl }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/lib-storage'),
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
    return { commands, Upload, getSignedUrl, client: clientFor(options.endpoint), clientFor };
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
      const { Upload, client } = await readyBucket();
      const upload = new Upload({
        client,
        params: { Bucket, Key: key, Body: Readable.from(watched()), ContentType: putOptions.contentType },
        partSize: partBytes,
        queueSize: 1,
      });
      const abort = () => void upload.abort();
      putOptions.signal?.addEventListener('abort', abort, { once: true });
      try {
        await upload.done();
      } finally {
        putOptions.signal?.removeEventListener('abort', abort);
      }
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
    return answer?.Body instanceof Readable ? answer.Body : undefined;
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
