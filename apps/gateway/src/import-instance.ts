import { randomBytes } from 'node:crypto';
import { type AuthFolder, AuthFolderError, readAuthFolder } from '@flotilla/auth-folder';
import {
  acceptRequest,
  deviceOf,
  dropImport,
  importTtlMs,
  readRequest,
  type StoredInstance,
  stageImport,
} from '@flotilla/instance';
import { apiError } from './errors.ts';
import type { Parts } from './parts.ts';

/** How long a worker is given to take the import (ms): it may have to take the instance over from one that died. */
const patienceMs = 25_000;

/** Checks what a request brought. @throws AUTH_FOLDER_REFUSED with the file and the reason */
export function readFolder(files: Record<string, string>): AuthFolder {
  try {
    return readAuthFolder(new Map(Object.entries(files)));
  } catch (error) {
    throw error instanceof AuthFolderError ? apiError('AUTH_FOLDER_REFUSED', error.message) : error;
  }
}

/**
 * Hands an auth folder to the worker that holds the instance, and waits until it is stored. It rests in Redis sealed,
 * field by field, exactly as the auth state keeps it, in a place that nobody reads; the lease holder moves it. Who stops
 * waiting takes it back, so an import is never done behind the back of somebody who was told that it was not.
 * @throws ALREADY_PAIRED, DEVICE_IN_USE, IMPORT_TIMEOUT: nothing was imported
 */
export async function importInto(
  { redis, queues, changes, keyRing }: Pick<Parts, 'redis' | 'queues' | 'changes' | 'keyRing'>,
  { id, paired }: StoredInstance,
  { fields, credentials }: AuthFolder,
  signal: AbortSignal,
): Promise<void> {
  if (paired) throw apiError('ALREADY_PAIRED');
  const requestId = `req_${randomBytes(12).toString('hex')}`;
  const place = { instance: id, requestId };
  const outcome = async () => {
    const state = await readRequest(redis, id, requestId);
    return state?.status === 'done' || state?.status === 'failed' ? state : undefined;
  };
  try {
    // The context is that of the auth state, so that its place is all that changes.
    await stageImport(redis, place, fields, (field, value) => keyRing.seal(value, `${id}:${field}`));
    await acceptRequest(redis, { ...place, fingerprint: 'import', waitMs: importTtlMs, keepMs: importTtlMs });
    await queues.addControl(id, { name: 'import', requestId, device: deviceOf(credentials.jid) });
    await queues.rouse(id, 'control');
    let settled = await changes.waitFor(id, outcome, { timeoutMs: patienceMs, signal });
    // Taken back, or taken at the last moment: one script decides.
    if (!settled && !(await dropImport(redis, place))) settled = await outcome();
    if (!settled) throw apiError('IMPORT_TIMEOUT');
    if (settled.status === 'failed') throw apiError(settled.error.code, ...settled.error.details);
  } catch (error) {
    // While Redis is away this fails too; what was laid aside expires then.
    await dropImport(redis, place).catch(() => false);
    throw error;
  }
}
