import {
  type AuthenticationCreds,
  type AuthenticationState,
  INITIAL_PREKEY_COUNT,
  initAuthCreds,
  type PossiblyExtendedCacheStore,
  type SignalDataSet,
  type SignalDataTypeMap,
} from '@whiskeysockets/baileys';
import type { AuthStore, Sealer } from './auth-store.ts';
import { createCommitQueue } from './commit-queue.ts';
import { currentScope } from './commit-scope.ts';
import { createDeviceCache } from './device-cache.ts';
import { AuthStateClosedError, AuthStateFailedError, NoCredentialsError } from './errors.ts';
import { type InboundEntry, inboundCategory } from './inbound.ts';
import type { KeyCache, Known } from './key-cache.ts';
import { decodeValue, encodeValue } from './key-values.ts';
import { changesContacts } from './known-contacts.ts';
import { type FreshPreKeys, makePreKeys } from './pre-keys.ts';

/**
 * Baileys' `transactionOpts`. In rc14 `maxCommitRetries` is the number of tries, the first included (0 would commit
 * nothing, silently). One: an auth state that failed once stays failed, so a second try could only prolong the lock.
 */
export const transactionOpts = { maxCommitRetries: 1, delayBetweenTriesMs: 0 } as const;

const credsField = 'creds';
/** The highest pre-key id ever stored. Written with the pre-keys, because Baileys writes `creds` later than them. */
const maxPreKeyField = 'meta:max-pre-key-id';
const preKeyCategory = 'pre-key';

export interface AuthStateOptions {
  readonly instance: string;
  /** The fencing token under which `store` writes. It keeps apart what the cache holds of an earlier ownership. */
  readonly epoch: number | string;
  readonly store: AuthStore;
  readonly cache: KeyCache;
  /** Encrypts values at rest. Without it they are stored as readable JSON, which only a test should want. */
  readonly keyRing?: Sealer | undefined;
  /** True when someone asked to pair this instance: only then are missing credentials created. Default false. */
  readonly mayCreate?: boolean;
  /** Told once, and before anything rejects, that the store failed. The only right answer is to close the socket. */
  readonly onFailed: (error: AuthStateFailedError) => void;
}

export interface AuthState {
  /** For `makeWASocket({ auth })`. */
  readonly state: AuthenticationState;
  /** For `makeWASocket({ userDevicesCache })`: outlives the socket and the process. */
  readonly userDevicesCache: PossiblyExtendedCacheStore;
  /** Why the state may no longer be used, once it may not. */
  readonly failure: AuthStateFailedError | undefined;
  /** Rises with each write that may change with whom there is an open session, or under which address. */
  readonly contactsAge: number;
  /** See {@link AuthStore.received}. */
  received(id: string): Promise<boolean>;
  /**
   * For `creds.update`. Stores the credentials as they are when the commit starts, so that several calls make one
   * write. The promise may be dropped: failures reach `onFailed` too.
   */
  saveCreds(): Promise<void>;
  /** Resolves when everything that was written so far is stored. Rejects when it cannot be. */
  flush(): Promise<void>;
  /** Stores what is left, and refuses everything after. Never rejects: failures reach `onFailed`. */
  close(): Promise<void>;
}

const states = new WeakMap<object, AuthState>();

/** The auth state that these credentials belong to. Baileys passes the object on as it is. */
export const authStateOf = (creds: object): AuthState | undefined => states.get(creds);

/**
 * Loads an instance's auth state. Rejects when the store cannot be read, which never creates credentials, and with
 * {@link NoCredentialsError} when there are none and `mayCreate` is not set.
 *
 * A number that was just linked gets its pre-keys here, as many as Baileys will upload, and they are stored before this
 * resolves. Baileys would make them after the login, in one go: for 150 ms nothing else would happen in the process.
 */
export async function createAuthState(options: AuthStateOptions): Promise<AuthState> {
  const { instance, store, keyRing } = options;
  const namespace = options.cache.namespace(instance, options.epoch);
  let condition: 'open' | 'closing' | 'closed' | 'failed' = 'open';
  let failure: AuthStateFailedError | undefined;

  const contextOf = (field: string) => `${instance}:${field}`;
  const open = (field: string, sealed: Buffer): string =>
    (keyRing ? keyRing.open(sealed, contextOf(field)) : sealed).toString('utf8');
  const seal = (field: string, text: string): Buffer => {
    const plaintext = Buffer.from(field === credsField ? encodeValue(creds) : text, 'utf8');
    return keyRing ? keyRing.seal(plaintext, contextOf(field)) : plaintext;
  };

  const [storedCreds, storedMax] = await loadFields([credsField, maxPreKeyField]).catch((cause: unknown) => {
    throw new AuthStateFailedError(instance, 'read', cause);
  });
  if (!storedCreds && !options.mayCreate) throw new NoCredentialsError(instance);
  let maxPreKeyId = storedMax ? Number(storedMax) : 0;
  const creds: AuthenticationCreds = storedCreds
    ? withUnusedPreKeyIds(decodeValue(credsField, storedCreds) as AuthenticationCreds, maxPreKeyId)
    : initAuthCreds();

  const queue = createCommitQueue({ store, seal, onFailed: (cause) => fail(cause, 'written') });

  function fail(cause: unknown, action: 'read' | 'written'): AuthStateFailedError {
    if (failure) return failure;
    failure = new AuthStateFailedError(instance, action, cause);
    condition = 'failed';
    // What memory holds may never have been stored: the next one to load this instance must ask the store.
    namespace.drop();
    try {
      options.onFailed(failure);
    } finally {
      queue.fail(failure);
    }
    return failure;
  }

  async function loadFields(fields: readonly string[]): Promise<Known[]> {
    const sealed = await store.load(fields);
    return fields.map((field, index) => {
      const value = sealed[index];
      return value ? open(field, value) : null;
    });
  }

  function refusal(): Error | undefined {
    return failure ?? (condition === 'closed' ? new AuthStateClosedError(instance) : undefined);
  }

  /** Bumped by every write, so that a read that was under way cannot put an older value into the cache. */
  let writes = 0;
  let contactsAge = 0;
  const known = (field: string): Known => {
    const value = queue.peek(field);
    return value === undefined ? namespace.get(field) : value;
  };

  async function read(category: string, ids: readonly string[]): Promise<Map<string, unknown>> {
    const refused = refusal();
    if (refused) throw refused;
    const fresh = category === preKeyCategory ? freshPreKeys?.read(ids) : undefined;
    if (fresh) return fresh;
    const texts = new Map<string, string | null>();
    const unknown: string[] = [];
    for (const id of ids) {
      const text = known(fieldOf(category, id));
      if (text === undefined) unknown.push(id);
      else texts.set(id, text);
    }
    if (unknown.length > 0) await readStore(category, unknown, texts);
    const values = new Map<string, unknown>();
    for (const [id, text] of texts) if (text !== null) values.set(id, decodeValue(category, text));
    return values;
  }

  async function readStore(category: string, ids: readonly string[], texts: Map<string, string | null>): Promise<void> {
    const writesBefore = writes;
    const fields = ids.map((id) => fieldOf(category, id));
    let loaded: Known[];
    try {
      loaded = await loadFields(fields);
    } catch (error) {
      // libsignal's storage takes a rejected read for "no session", and would then store an empty record over the
      // real one. So a read that failed ends the whole state, like a write that failed.
      throw fail(error, 'read');
    }
    for (const [index, id] of ids.entries()) {
      const field = fieldOf(category, id);
      const newer = known(field);
      const text = newer === undefined ? (loaded[index] ?? null) : newer;
      texts.set(id, text);
      if (newer === undefined && writes === writesBefore && isCached(category)) namespace.set(field, text);
    }
  }

  function write(changes: ReadonlyMap<string, string | null>, inbound?: readonly InboundEntry[]): Promise<void> {
    const news = new Map<string, string | null>();
    for (const [field, text] of changes) {
      // Baileys writes much that has not changed: the sender-key memory with every group message, for example.
      if (known(field) === text) continue;
      news.set(field, text);
      if (isCached(categoryOf(field))) namespace.set(field, text);
    }
    // Not written again, but it may still be under way.
    if (news.size === 0 && !inbound?.length) return queue.flush();
    writes += 1;
    return queue.add(news, inbound);
  }

  function set(data: SignalDataSet): Promise<void> {
    const refused = refusal();
    if (refused) return Promise.reject(refused);
    if (changesContacts(data)) contactsAge += 1;
    const changes = new Map<string, string | null>();
    const inbound: InboundEntry[] = [];
    for (const [category, values] of Object.entries(data)) {
      if (category === inboundCategory) {
        inbound.push(...(Object.values(values) as unknown as InboundEntry[]));
        continue;
      }
      for (const [id, value] of Object.entries(values)) {
        changes.set(fieldOf(category, id), value === null || value === undefined ? null : encodeValue(value));
      }
    }
    freshPreKeys?.forget(Object.keys(data[preKeyCategory] ?? {}));
    const newest = Math.max(0, ...newPreKeyIds(data[preKeyCategory]));
    if (newest > maxPreKeyId) {
      maxPreKeyId = newest;
      changes.set(maxPreKeyField, String(newest));
    }
    const committed = write(changes, inbound);
    const scope = currentScope();
    if (!scope) return committed;
    scope.commits.push(committed);
    return Promise.resolve();
  }

  let freshPreKeys: FreshPreKeys | undefined;
  async function addFirstPreKeys(): Promise<void> {
    const sealPreKey = (id: string, text: string) => seal(fieldOf(preKeyCategory, id), text);
    freshPreKeys = await makePreKeys(INITIAL_PREKEY_COUNT, sealPreKey);
    maxPreKeyId = INITIAL_PREKEY_COUNT;
    // Not uploaded yet, so that Baileys takes these.
    creds.nextPreKeyId = maxPreKeyId + 1;
    const changes = new Map<string, string | Buffer>([[maxPreKeyField, String(maxPreKeyId)]]);
    for (const [id, sealed] of freshPreKeys.sealed) changes.set(fieldOf(preKeyCategory, id), sealed);
    await queue.add(changes.set(credsField, ''));
  }
  if (creds.account && creds.nextPreKeyId === 1) await addFirstPreKeys();

  const state: AuthState = {
    state: {
      creds,
      keys: {
        async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
          return Object.fromEntries(await read(type, ids)) as { [id: string]: SignalDataTypeMap[T] };
        },
        set,
      },
    },
    userDevicesCache: createDeviceCache({
      read: (ids) => read('device-cache', ids),
      write(values) {
        const changes = new Map<string, string | null>();
        for (const [id, value] of values) {
          changes.set(fieldOf('device-cache', id), value === null ? null : encodeValue(value));
        }
        if (!refusal()) void write(changes);
      },
    }),
    get failure() {
      return failure;
    },
    get contactsAge() {
      return contactsAge;
    },
    async received(id) {
      const refused = refusal();
      if (refused) throw refused;
      try {
        return (await store.received?.(id)) ?? false;
      } catch (error) {
        throw fail(error, 'read');
      }
    },
    saveCreds() {
      const refused = refusal();
      if (!refused) return queue.add(new Map([[credsField, '']]));
      const rejected = Promise.reject<void>(refused);
      rejected.catch(() => {});
      return rejected;
    },
    flush: () => queue.flush(),
    async close() {
      if (condition !== 'open') return;
      condition = 'closing';
      // Baileys may still write while the last commit is under way.
      while (queue.busy) await queue.flush().catch(() => {});
      if (condition === 'closing') condition = 'closed';
      freshPreKeys?.forget();
    },
  };
  states.set(creds, state);
  return state;
}

const fieldOf = (category: string, id: string): string => `${category}:${id}`;
const categoryOf = (field: string): string => field.slice(0, field.indexOf(':'));
/** Hundreds for every instance, and each is read once, so they are not kept in memory. */
const isCached = (category: string): boolean => category !== preKeyCategory;

function newPreKeyIds(preKeys: Record<string, unknown> | undefined): number[] {
  return Object.entries(preKeys ?? {}).flatMap(([id, value]) => (value ? [Number(id)] : []));
}

/**
 * After a crash between pre-keys and credentials, the stored credentials would hand out the same ids again, perhaps
 * for other keys than the server gives to contacts. The ids in between count as uploaded: uploading them a second time
 * could give one contact a key that another has already used.
 */
function withUnusedPreKeyIds(creds: AuthenticationCreds, maxPreKeyId: number): AuthenticationCreds {
  if (creds.nextPreKeyId > maxPreKeyId) return creds;
  creds.nextPreKeyId = maxPreKeyId + 1;
  creds.firstUnuploadedPreKeyId = Math.max(creds.firstUnuploadedPreKeyId, maxPreKeyId + 1);
  return creds;
}
