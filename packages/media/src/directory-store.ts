import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { MediaError } from './errors.ts';
import { assertKey, measured, type ObjectInfo, type ObjectStore, served } from './object-store.ts';

/** Files that are being written; keys cannot begin with a dot. On the same file system, so that renaming is one step. */
const incoming = '.incoming';

const isMissing = (error: unknown) => hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** An error of the file system becomes one of the store, whose message names no path. */
function unavailable(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const code = 'code' in error ? String(error.code) : 'unknown';
  return new MediaError('MEDIA_STORE_UNAVAILABLE', `the media directory cannot be used (${code})`, { cause: error });
}

/** Waits for a step of the file system; what does not exist gives `missing`. */
async function onDisk<T>(step: Promise<T>, missing: T): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (isMissing(error)) return missing;
    throw unavailable(error);
  }
}

/**
 * Objects as files below one directory, which several processes may share (also over NFS). A file is written under
 * another name, flushed to the disk and renamed, so that nobody ever sees half of one.
 * @param root created when something is stored
 */
export function createDirectoryStore(root: string): ObjectStore {
  const base = resolve(root);
  const pathOf = (key: string) => {
    assertKey(key);
    return join(base, key);
  };

  async function put(...[key, body, options]: Parameters<ObjectStore['put']>) {
    const target = pathOf(key);
    const temporary = join(base, incoming, randomUUID());
    const { stream, result } = measured(body, options);
    try {
      await mkdir(dirname(temporary), { recursive: true });
      const file = await open(temporary, 'wx');
      try {
        for await (const chunk of stream) await file.writeFile(chunk);
        await file.datasync();
      } finally {
        await file.close();
      }
      await moveInto(temporary, target);
      return result();
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      // The source may not have been asked for anything yet; it must not stay open.
      await stream.return(undefined).catch(() => {});
      throw unavailable(error);
    }
  }

  async function get(...[key, { range, signal } = {}]: Parameters<ObjectStore['get']>) {
    const file = await onDisk(open(pathOf(key), 'r'), undefined);
    if (!file) return undefined;
    const stream = file.createReadStream({ start: range?.start, end: range?.end });
    const abort = () => stream.destroy(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    finished(stream)
      .catch(() => {})
      .then(() => signal?.removeEventListener('abort', abort));
    if (signal?.aborted) abort();
    return served(stream);
  }

  const head = (key: string) => onDisk(infoOf(key), undefined);
  async function infoOf(key: string): Promise<ObjectInfo | undefined> {
    const found = await stat(pathOf(key));
    return found.isFile() ? { key, size: found.size, modifiedAt: found.mtimeMs } : undefined;
  }

  async function remove(key: string) {
    const path = pathOf(key);
    try {
      await rm(path, { force: true });
      // Folders that have become empty go too, up to the root; one that has not is where it ends.
      for (let folder = dirname(path); folder !== base; folder = dirname(folder)) await rmdir(folder);
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw unavailable(error);
    }
  }

  async function list({ prefix = '', after = '', limit }: Parameters<ObjectStore['list']>[0]) {
    const found: ObjectInfo[] = [];
    for await (const key of keysBelow('', prefix, after)) {
      const info = await head(key);
      if (info) found.push(info);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Keys below a folder in order, leaving out whole folders that lie before `after` or outside `prefix`. */
  async function* keysBelow(folder: string, prefix: string, after: string): AsyncGenerator<string> {
    const entries = await onDisk(readdir(join(base, folder), { withFileTypes: true }), []);
    const named = entries
      .filter(({ name }) => !name.startsWith('.'))
      // Folders sort by what their keys look like, so that the order is that of whole keys.
      .map((entry) => ({ path: folder + entry.name + (entry.isDirectory() ? '/' : ''), isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { path, isFolder } of named) {
      if (isFolder) {
        const inPrefix = path.startsWith(prefix) || prefix.startsWith(path);
        if (inPrefix && (path >= after || after.startsWith(path))) yield* keysBelow(path, prefix, after);
      } else if (path.startsWith(prefix) && path > after) yield path;
    }
  }

  async function removeUnfinished(before: number) {
    const folder = join(base, incoming);
    for (const name of await onDisk(readdir(folder), [])) {
      const found = await onDisk(stat(join(folder, name)), undefined);
      if (found && found.mtimeMs < before) await onDisk(rm(join(folder, name), { force: true }), undefined);
    }
  }

  return {
    put,
    get,
    head,
    remove,
    list,
    removeUnfinished,
    async move(from, to) {
      const [source, target] = [pathOf(from), pathOf(to)];
      if (!(await head(from))) return false;
      try {
        await moveInto(source, target);
        return true;
      } catch (error) {
        throw unavailable(error);
      }
    },
    close() {},
  };
}

/** Renames a file into a folder that may not be there yet, or that somebody is just removing because it is empty. */
async function moveInto(source: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(source, target);
      return;
    } catch (error) {
      if (!isMissing(error) || attempt === 5) throw error;
    }
  }
}
