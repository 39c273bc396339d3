import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
} from '@whiskeysockets/baileys';

/** Credentials and keys of one number in the memory of this process, as objects, as Baileys hands them over. */
export interface MemoryAuth {
  state: AuthenticationState;
  /** For `creds.update`. */
  update(change: Partial<AuthenticationCreds>): void;
}

/** Keys under the names that Baileys gives their files, without `.json`. */
export function createMemoryAuth(
  creds: AuthenticationCreds = initAuthCreds(),
  keys = new Map<string, unknown>(),
): MemoryAuth {
  const nameOf = (type: string, id: string) => `${type}-${id}`.replaceAll('/', '__').replaceAll(':', '-');
  return {
    state: {
      creds,
      keys: {
        get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
          const found: { [id: string]: SignalDataTypeMap[T] } = {};
          for (const id of ids) {
            const value = keys.get(nameOf(type, id));
            if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
          }
          return found;
        },
        set(data: SignalDataSet) {
          for (const [type, values] of Object.entries(data)) {
            for (const [id, value] of Object.entries(values)) {
              if (value === null) keys.delete(nameOf(type, id));
              else keys.set(nameOf(type, id), value);
            }
          }
        },
      },
    },
    update: (change) => void Object.assign(creds, change),
  };
}

/** The texts of a folder's files, by their names without `.json`. */
export async function readTexts(folder: string): Promise<[name: string, text: string][]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  return Promise.all(
    files.map(async (file) => [file.slice(0, -5), await readFile(join(folder, file), 'utf8')] as const),
  ).then((texts) => texts.map(([name, text]) => [name, text]));
}

/**
 * Takes the state of a number from its auth folder. Every number gets objects of its own, also of the keys that it
 * shares with others, as if it had made them itself.
 * @param shared texts of keys that are in no folder
 */
export async function loadMemoryAuth(folder: string, shared: readonly [string, string][]): Promise<MemoryAuth> {
  let creds: AuthenticationCreds | undefined;
  const keys = new Map<string, unknown>();
  for (const [name, text] of [...shared, ...(await readTexts(folder))]) {
    const value: unknown = JSON.parse(text, BufferJSON.reviver);
    if (name === 'creds') creds = value as AuthenticationCreds;
    else if (name.startsWith('app-state-sync-key-'))
      keys.set(name, proto.Message.AppStateSyncKeyData.fromObject(value as object));
    else keys.set(name, value);
  }
  if (!creds) throw new Error(`There are no credentials in ${folder}`);
  return createMemoryAuth(creds, keys);
}
