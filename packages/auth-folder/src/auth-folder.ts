import { folderBounds } from './bounds.ts';
import { type Credentials, checkCredentials } from './credentials.ts';
import { AuthFolderError } from './errors.ts';
import { credsFile, fileOfKey, keyOfFile } from './file-name.ts';
import { parseFile } from './json.ts';
import { wrongKey } from './key-value.ts';

/** A folder that has passed every check. */
export interface AuthFolder {
  credentials: Credentials;
  /**
   * What the auth state of an instance consists of: field (`creds`, `<category>:<id>`) to JSON, as Baileys reads it.
   * Secret, all of it.
   */
  fields: Map<string, string>;
}

/** Files that only a browser profile of whatsapp-web.js has. */
const browserFiles =
  /(^|\/)(Default|Local State|IndexedDB|Service Worker|DevToolsActivePort|SingletonLock|RemoteAuth[^/]*)(\/|$)/;

function refuseForeign(files: ReadonlyMap<string, string>): void {
  for (const file of files.keys()) {
    if (browserFiles.test(file))
      throw new AuthFolderError(
        file,
        'is of a browser profile, as whatsapp-web.js keeps it. Its keys cannot leave the browser: pair this number again',
      );
  }
  if (!files.has(credsFile)) {
    const nested = [...files.keys()].find((file) => file.endsWith(`/${credsFile}`));
    throw new AuthFolderError(
      credsFile,
      nested === undefined
        ? 'is missing: this is no multi-file auth folder of Baileys'
        : 'is missing here, but there is one in a folder below: import that folder',
    );
  }
}

/**
 * Checks a multi-file auth folder as `useMultiFileAuthState` of Baileys writes it, and gives what it holds.
 * @param files name without folder → content as text
 * @throws AuthFolderError with the first file that is wrong, and why; nothing of its content is in the message
 */
export function readAuthFolder(files: ReadonlyMap<string, string>): AuthFolder {
  checkSize(files);
  refuseForeign(files);
  const creds = parseFile(credsFile, files.get(credsFile) ?? '');
  const credentials = checkCredentials(creds);
  const fields = new Map([['creds', JSON.stringify(creds)]]);
  let maxPreKeyId = 0;
  for (const [file, text] of files) {
    if (file === credsFile) continue;
    const key = keyOfFile(file);
    if (!key) throw new AuthFolderError(file, 'is not a file that Baileys keeps in an auth folder: take it out');
    const value = parseFile(file, text);
    const wrong = wrongKey(key.category, value);
    if (wrong !== undefined) throw new AuthFolderError(file, wrong);
    fields.set(`${key.category}:${key.id}`, JSON.stringify(value));
    if (key.category === 'pre-key') maxPreKeyId = Math.max(maxPreKeyId, Number(key.id));
  }
  checkComplete(credentials, fields);
  // The highest id ever used: an auth state whose credentials are older than its pre-keys must not use one twice.
  if (maxPreKeyId > 0) fields.set('meta:max-pre-key-id', String(maxPreKeyId));
  return { credentials, fields };
}

function checkSize(files: ReadonlyMap<string, string>): void {
  if (files.size > folderBounds.files)
    throw new AuthFolderError(undefined, `The folder has more than ${folderBounds.files} files`);
  let bytes = 0;
  for (const text of files.values()) bytes += Buffer.byteLength(text);
  if (bytes > folderBounds.bytes)
    throw new AuthFolderError(undefined, `The folder is larger than ${folderBounds.bytes} bytes`);
}

/** What the credentials say must be there. */
function checkComplete(credentials: Credentials, fields: ReadonlyMap<string, string>): void {
  const { nextPreKeyId, firstUnuploadedPreKeyId, appStateKeyId } = credentials;
  const hasPreKeys = [...fields.keys()].some((field) => field.startsWith('pre-key:'));
  if (nextPreKeyId > 1 && !hasPreKeys)
    throw new AuthFolderError(
      undefined,
      'There is no pre-key-….json: the folder was copied only in part, and nobody new could write to this number',
    );
  // Those before have been given to WhatsApp, and each that a contact has used is deleted.
  for (let id = firstUnuploadedPreKeyId; id < nextPreKeyId; id += 1) {
    if (!fields.has(`pre-key:${id}`))
      throw new AuthFolderError(fileOfKey('pre-key', String(id)), `is missing, although ${credsFile} counts on it`);
  }
  if (appStateKeyId !== undefined && !fields.has(`app-state-sync-key:${appStateKeyId}`))
    throw new AuthFolderError(
      fileOfKey('app-state-sync-key', appStateKeyId),
      `is missing, although ${credsFile} names it`,
    );
}
