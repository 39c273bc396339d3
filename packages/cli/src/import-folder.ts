import { AuthFolderError, readAuthFolder } from '@flotilla/auth-folder';
import { readLocalFolder } from './read-folder.ts';

export interface ImportOptions {
  /** URL of the gateway. */
  api: string;
  /** A tenant's key with the scope `instances:write`. */
  key: string;
  name?: string | undefined;
  alias?: string | undefined;
  /** An instance that is there and has no phone, instead of a new one. */
  instance?: string | undefined;
  /** Connect at once. */
  connect: boolean;
  /** Import also what was changed a moment ago. */
  yes: boolean;
  /** Look, and write nothing. */
  dryRun: boolean;
}

/** What became of one folder, with a sentence for people. */
export interface ImportOutcome {
  result: 'imported' | 'checked' | 'refused' | 'failed';
  text: string;
}

/** A service that runs writes its folder with nearly every message (ms). */
const quietMs = 60_000;
/** The gateway gives up before this (ms). */
const answerMs = 120_000;

/** Reads, checks and posts one folder. Never rejects. Nothing of what the folder holds is in the outcome, but the number. */
export async function importFolder(path: string, options: ImportOptions): Promise<ImportOutcome> {
  const refused = (text: string): ImportOutcome => ({ result: 'refused', text });
  try {
    const { files, changedAt } = await readLocalFolder(path);
    const { phone, device } = readAuthFolder(files).credentials;
    const number = `+${phone}, device ${device}`;
    const seconds = Math.round((Date.now() - changedAt) / 1_000);
    if (seconds * 1_000 < quietMs && !options.yes)
      return refused(`${number}: changed ${seconds} s ago. Is the old service still running? Stop it, or add --yes`);
    if (options.dryRun) return { result: 'checked', text: `${number}: can be imported` };
    return await post(files, number, options);
  } catch (error) {
    if (error instanceof AuthFolderError) return refused(error.message);
    // Errors of the file system name a path, never a content.
    return { result: 'failed', text: error instanceof Error ? error.message : String(error) };
  }
}

async function post(files: Map<string, string>, number: string, options: ImportOptions): Promise<ImportOutcome> {
  const { api, key, name, alias, instance, connect } = options;
  const about = instance === undefined ? { name, alias } : {};
  const place = instance === undefined ? 'import' : `${encodeURIComponent(instance)}/import`;
  let response: Response;
  try {
    response = await fetch(`${api.replace(/\/+$/, '')}/v1/instances/${place}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...about, connect, files: Object.fromEntries(files) }),
      signal: AbortSignal.timeout(answerMs),
    });
  } catch {
    return {
      result: 'failed',
      text: `${number}: no answer from ${api}. See whether it was imported before you try again`,
    };
  }
  const body = (await response.json().catch(() => ({}))) as { id?: string; message?: string };
  if (response.ok && body.id !== undefined) {
    const next = connect ? 'connecting' : `connect it with POST /v1/instances/${body.id}/connect`;
    return { result: 'imported', text: `${number}: ${body.id} (${next})` };
  }
  const text = `${number}: ${body.message ?? `the API answered ${response.status}`}`;
  return { result: response.status < 500 ? 'refused' : 'failed', text };
}
