import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type EndpointRecord, endpointSecretContext } from '@flotilla/contracts';
import { fleetNow } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { openHeaders } from './custom-headers.ts';
import type { WebhookRequest } from './poster.ts';
import { signatureOf, signingKey } from './signature.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const compressed = promisify(gzip);

/** An endpoint with its secrets open, and all that is the same in each of its requests. */
export interface OpenEndpoint {
  record: EndpointRecord;
  /** What signs, the newest first, each with its end (Unix ms). */
  keys: { key: KeyObject; expiresAt: number }[];
  origin: string;
  pathname: string;
  search: string;
  /** Names and values by turns. */
  headers: string[];
}

/** An endpoint that is about to get requests. Throws what the key ring throws. */
export function openEndpoint(record: EndpointRecord, keyRing: KeyRing): OpenEndpoint {
  const context = endpointSecretContext(record.id);
  const keys = record.secrets.map(({ sealed, expiresAt }) => ({
    key: signingKey(keyRing.open(Buffer.from(sealed, 'base64'), context).toString('utf8')),
    expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
  }));
  const { origin, pathname, search } = new URL(record.url);
  const headers = [
    ...Object.entries(openHeaders(record, keyRing)).flat(),
    ...['content-type', 'application/json', 'user-agent', `Flotilla/${version}`],
    ...(record.compress === 'gzip' ? ['content-encoding', 'gzip'] : []),
  ];
  return { record, keys, origin, pathname, search, headers };
}

/** What is posted. */
export interface Letter {
  /** The event's id. */
  id: string;
  body: Buffer;
  /** Behind the path of the endpoint's URL. */
  path?: string | undefined;
}

/**
 * The request that brings a letter to an endpoint, signed now. What is signed is the body as the receiver reads it, not
 * as it is compressed on the way.
 * @param moreHeaders names and values by turns
 */
export function requestFor(
  { record, keys, origin, pathname, search, headers }: OpenEndpoint,
  { id, body, path }: Letter,
  moreHeaders: readonly string[] = [],
): WebhookRequest | Promise<WebhookRequest> {
  // By a clock that is right: receivers refuse signatures of another time than theirs.
  const now = fleetNow();
  const timestamp = Math.floor(now / 1_000);
  const active = keys.filter(({ expiresAt }) => expiresAt > now).map(({ key }) => key);
  const signature = signatureOf({ id, timestamp, body }, active);
  const request = {
    origin,
    path: (path === undefined ? pathname : pathname.replace(/\/$/, '') + path) + search,
    headers: [
      ...headers,
      ...moreHeaders,
      ...['webhook-id', id, 'webhook-timestamp', String(timestamp), 'webhook-signature', signature],
    ],
    body,
  };
  return record.compress === 'gzip' ? compressed(body).then((bytes) => ({ ...request, body: bytes })) : request;
}
