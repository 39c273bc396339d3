import type { LTHashState } from '@whiskeysockets/baileys/lib/Types/Auth.js';
import type { WAPatchCreate } from '@whiskeysockets/baileys/lib/Types/Chat.js';
import {
  decodePatches,
  decodeSyncdMutations,
  encodeSyncdPatch,
  newLTHashState,
} from '@whiskeysockets/baileys/lib/Utils/chat-utils.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type AppState, VersionConflict } from '../app-state.ts';
import { Lane } from '../lane.ts';
import { type PhoneChange, patchOf } from './phone-change.ts';
import { PhoneView } from './phone-view.ts';

type Collection = WAPatchCreate['type'];

/** The key by which an account's devices encrypt its app state. */
export interface AppStateKey {
  id: Buffer;
  data: Buffer;
}

/** The phone of an account as a reader and a writer of app state: unlike the server it has the key. */
export class PhoneState {
  readonly view = new PhoneView();
  /** What was wrong with patches that clients uploaded: MACs that do not fit, values that cannot be read. */
  readonly problems: string[] = [];
  readonly #appState: AppState;
  readonly #keyId: string;
  readonly #key: (id: string) => Promise<proto.Message.IAppStateSyncKeyData | undefined>;
  readonly #states = new Map<string, LTHashState>();
  readonly #lane = new Lane();

  constructor(appState: AppState, key: AppStateKey) {
    this.#appState = appState;
    this.#keyId = key.id.toString('base64');
    this.#key = async (id) => (id === this.#keyId ? { keyData: key.data } : undefined);
  }

  /** Reads the patches that came since the last time. */
  catchUp(): Promise<void> {
    return this.#lane.run(() => this.#read());
  }

  /** Makes a change with the phone. Gives the collection and its new version, of which the devices have to be told. */
  change(change: PhoneChange): Promise<{ collection: Collection; version: number }> {
    const patch = patchOf(change);
    return this.#lane.run(async () => {
      for (;;) {
        await this.#read();
        const state = this.#states.get(patch.type) ?? newLTHashState();
        const encoded = await encodeSyncdPatch(patch, this.#keyId, state, this.#key);
        try {
          const bytes = proto.SyncdPatch.encode(encoded.patch as proto.SyncdPatch).finish();
          const version = this.#appState.append(patch.type, state.version, bytes);
          await this.#read();
          return { collection: patch.type, version };
        } catch (error) {
          // A client uploaded while the patch was being made.
          if (!(error instanceof VersionConflict)) throw error;
        }
      }
    });
  }

  async #read(): Promise<void> {
    for (const name of this.#appState.names) {
      let state = this.#states.get(name) ?? newLTHashState();
      for (const encoded of this.#appState.since(name, state.version)) {
        state = await this.#readPatch(name as Collection, state, encoded);
        this.#states.set(name, state);
      }
    }
  }

  async #readPatch(name: Collection, state: LTHashState, encoded: Buffer): Promise<LTHashState> {
    const patch = proto.SyncdPatch.decode(encoded);
    const version = Number(patch.version?.version ?? 0);
    const noted = (_fields: unknown, message?: string) => {
      this.problems.push(`${name} ${version}: ${message}`);
    };
    for (const mutation of patch.mutations) {
      const removed = mutation.operation === proto.SyncdMutation.SyncdOperation.REMOVE;
      // One by one: the map of all of a patch does not tell what was removed.
      await decodeSyncdMutations(
        [mutation],
        newLTHashState(),
        this.#key,
        ({ syncAction, index }) => this.view.apply(index as string[], syncAction.value ?? {}, removed),
        true,
      ).catch((error: unknown) => noted(undefined, String(error)));
    }
    const logger = { level: 'warn', trace: nothing, debug: nothing, info: nothing, warn: noted, error: noted };
    const read = await decodePatches(name, [patch], state, this.#key, {}, undefined, {
      ...logger,
      child: () => logger as never,
    });
    return { ...read.state, version };
  }
}

function nothing(): void {}
