import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AuthFolderError, folderBounds } from '@flotilla/auth-folder';

/** A folder on this machine, as it is. */
export interface LocalFolder {
  /** Name → content. A folder within it is there as `<name>/`, for the checks to refuse. */
  files: Map<string, string>;
  /** When any of its files was last changed (Unix ms). */
  changedAt: number;
}

/** Reads a folder. Files of the operating system, such as `.DS_Store`, are left out. @throws AuthFolderError if it is too large */
export async function readLocalFolder(folder: string): Promise<LocalFolder> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  if (names.length > folderBounds.files)
    throw new AuthFolderError(undefined, `The folder has more than ${folderBounds.files} files`);
  const files = new Map<string, string>();
  let changedAt = 0;
  let bytes = 0;
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path);
    if (found.isDirectory()) {
      files.set(existsSync(join(path, 'creds.json')) ? `${name}/creds.json` : `${name}/`, '');
      continue;
    }
    bytes += found.size;
    // Before it is read: what is no auth folder may be of any size.
    if (bytes > folderBounds.bytes)
      throw new AuthFolderError(undefined, `The folder is larger than ${folderBounds.bytes} bytes`);
    changedAt = Math.max(changedAt, found.mtimeMs);
    files.set(name, await readFile(path, 'utf8'));
  }
  return { files, changedAt };
}

/** A folder that is to be imported. */
export interface FoundFolder {
  path: string;
  /** Its own name: often what the old service calls the number. */
  name: string;
}

/**
 * Folders to import: the one that is named, or, if that has no credentials but folders that have, each of those.
 * @throws if it cannot be read
 */
export async function findFolders(path: string): Promise<FoundFolder[]> {
  if (existsSync(join(path, 'creds.json'))) return [{ path, name: basename(join(path)) }];
  const below = (await readdir(path)).sort().map((name) => ({ path: join(path, name), name }));
  const found = below.filter((folder) => existsSync(join(folder.path, 'creds.json')));
  return found.length > 0 ? found : [{ path, name: basename(join(path)) }];
}
