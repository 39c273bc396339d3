import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { MediaFault } from './faults.ts';
import type { MediaBlob, MediaStore } from './store.ts';

/** Where clients upload, by kind of media: `/mms/image/{hash}` and so on. */
const uploadPath = /^\/(?:mms|product|pps)\/([a-z0-9-]+)\/([A-Za-z0-9_-]+)$/;
const downloadPath = /^\/v\//;
/** A SHA-256 in base64url. */
const hashPattern = /^[A-Za-z0-9_-]{43}$/;
/** No upload of WhatsApp is larger: 2 GB. */
const maxUpload = 2 * 1024 ** 3;

/** Answers uploads and downloads of media. False if the request is for somebody else. */
export function serveMedia(store: MediaStore, log: Log) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
    const upload = request.method === 'POST' ? uploadPath.exec(pathname) : null;
    const isDownload = (request.method === 'GET' || request.method === 'HEAD') && downloadPath.test(pathname);
    if (!upload && !isDownload) return false;
    const served = upload
      ? takeUpload(store, request, response, {
          kind: upload[1] ?? '',
          token: upload[2] ?? '',
          auth: searchParams.get('auth'),
        })
      : sendDownload(store, request, response, pathname);
    served.catch((error: unknown) => {
      // Clients hang up in the middle, and some faults are about that.
      log.debug({ err: error, path: pathname }, 'media.interrupted');
      response.destroy();
    });
    return true;
  };
}

async function takeUpload(
  store: MediaStore,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, token, auth }: { kind: string; token: string; auth: string | null },
): Promise<void> {
  const fault = store.faults.take('upload', undefined);
  if (fault?.mode === 'status') {
    request.resume();
    await once(request, 'end');
    json(response, fault.status, { error: 'fault' });
    return;
  }
  if (fault?.mode === 'stall') return;
  const body = fault?.mode === 'slow' ? throttled(request, fault.bytesPerSecond) : request;
  const stored = await store.put(
    limited(body),
    { kind, contentType: request.headers['content-type'], uploadedBy: auth || 'unknown' },
    request.headers.host,
  );
  if (hashPattern.test(token) && token !== stored.blob.hash) {
    await store.retract(stored.blob);
    json(response, 400, { error: 'hash mismatch' });
    return;
  }
  json(response, 200, { url: stored.url, direct_path: stored.directPath, object_id: stored.blob.hash });
}

async function sendDownload(
  store: MediaStore,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const blob = store.get(path);
  if (!blob) {
    json(response, 404, { error: 'not found' });
    return;
  }
  if (blob.expired) {
    json(response, 410, { error: 'gone' });
    return;
  }
  const range = rangeOf(request.headers.range, blob.size);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${blob.size}`);
    json(response, 416, { error: 'range' });
    return;
  }
  const [start, end] = range ?? [0, blob.size];
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', blob.contentType ?? 'application/octet-stream');
  response.setHeader('content-length', end - start);
  if (range) response.setHeader('content-range', `bytes ${start}-${end - 1}/${blob.size}`);
  response.statusCode = range ? 206 : 200;
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  blob.downloads += 1;
  const fault = store.faults.take('download', blob.directPath);
  if (fault) await sendFaulty(store, response, blob, [start, end], fault);
  else await pipeline(store.read(blob, start, end), response);
}

async function sendFaulty(
  store: MediaStore,
  response: ServerResponse,
  blob: MediaBlob,
  [start, end]: [number, number],
  fault: MediaFault,
): Promise<void> {
  const middle = start + Math.floor((end - start) / 2);
  switch (fault.mode) {
    case 'status':
      response.removeHeader('content-length');
      json(response, fault.status, { error: 'fault' });
      return;
    case 'slow':
      await pipeline(throttled(store.read(blob, start, end), fault.bytesPerSecond), response);
      return;
    case 'stall':
      await pipeline(store.read(blob, start, Math.min(start + 1_024, middle)), response, { end: false });
      return;
    case 'truncated':
      await pipeline(store.read(blob, start, middle), response, { end: false });
      // What was written has to leave first, or the client sees no byte at all.
      await sleep(20);
      response.destroy();
      return;
    case 'short':
      response.setHeader('content-length', middle - start);
      await pipeline(store.read(blob, start, middle), response);
      return;
    case 'corrupt':
      await pipeline(corrupted(store.read(blob, start, end)), response);
      return;
    case 'endless':
      response.removeHeader('content-length');
      await pipeline(endless(), response);
  }
}

/** The half-open range that `bytes=a-[b]` asks for. Undefined without one. */
function rangeOf(header: string | undefined, size: number): [number, number] | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = match[2] ? Math.min(Number(match[2]) + 1, size) : size;
  return start >= end ? 'unsatisfiable' : [start, end];
}

async function* limited(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of source) {
    size += part.length;
    if (size > maxUpload) throw new Error('upload too large');
    yield part;
  }
}

async function* throttled(source: Readable, bytesPerSecond: number): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytesPerSecond / 10));
  for await (const part of source) {
    const bytes = part as Buffer;
    for (let offset = 0; offset < bytes.length; offset += step) {
      yield bytes.subarray(offset, offset + step);
      await sleep(100);
    }
  }
}

async function* corrupted(source: Readable): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const part of source) {
    const bytes = Buffer.from(part as Buffer);
    if (first) bytes[0] = (bytes[0] ?? 0) ^ 0xff;
    first = false;
    yield bytes;
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  const part = Buffer.alloc(64 * 1024, 7);
  for (;;) yield part;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
