import { type AuthState, type AuthStore, createAuthState } from '@flotilla/auth-state';
import { instanceKeys } from '@flotilla/contracts';
import { LeaseLostError } from '@flotilla/lease';
import type { Intake } from '../events/intake.ts';
import type { Holding } from '../holding.ts';
import type { SocketContext } from './socket.ts';

/**
 * Loads the auth state of an instance that this worker holds. Credentials are created only for an instance that nobody has
 * paired; whatever is left of an earlier try goes first.
 * @param onFailed called when something could not be stored: the socket must not go on
 */
export async function loadAuth(
  context: SocketContext,
  holding: Holding,
  intake: Intake,
  onFailed: () => void,
): Promise<AuthState> {
  const { id: instance, fence } = holding;
  const load = () =>
    createAuthState({
      instance,
      epoch: fence.epoch,
      store: authStoreOf(context, holding, intake),
      cache: context.keyCache,
      keyRing: context.keyRing,
      mayCreate: !holding.instance.paired,
      onFailed: (error) => {
        holding.log.warn({ err: error }, 'auth-state.failed');
        onFailed();
      },
    });
  const auth = await load();
  // An account signature is what pairing gives: with it these are real credentials, whatever the record says.
  if (holding.instance.paired || auth.state.creds.account) return auth;
  await auth.close();
  await holding.store.write([{ command: 'del', key: instanceKeys.authState(instance), args: [] }]);
  context.keyCache.forget(instance);
  return load();
}

/** Stores auth state under the holding's fence, each decrypted message with the ratchet that decrypted it. */
function authStoreOf({ redis, mayWork, faults }: SocketContext, holding: Holding, intake: Intake): AuthStore {
  const key = instanceKeys.authState(holding.id);
  return {
    load: (fields) => redis.hmgetBuffer(key, ...fields),
    received: (id) => holding.store.hasAppended(id),
    async commit({ set, remove, inbound }) {
      if (!mayWork()) throw new LeaseLostError('The lease does not allow to write now');
      const fields = [...set].flat();
      const received = await intake.receive(inbound);
      const { events } = received;
      const changes = [
        ...(fields.length > 0 ? [{ command: 'hset', key, args: fields }] : []),
        ...(remove.length > 0 ? [{ command: 'hdel', key, args: remove }] : []),
      ];
      if (events.length > 0) faults.reach('crash-between-decrypt-and-commit');
      if (faults.off('guard-off-inbound-commit')) {
        await holding.store.write(changes);
        if (events.length > 0) faults.reach('crash-between-commit-and-receipt');
        await holding.store.write(received.commands, events);
        return;
      }
      await holding.store.write([...changes, ...received.commands], events);
      if (events.length > 0) faults.reach('crash-between-commit-and-receipt');
      intake.stored(received);
    },
  };
}
