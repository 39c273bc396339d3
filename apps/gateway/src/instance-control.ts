import type { StoredInstance } from '@flotilla/instance';
import { apiError } from './errors.ts';
import { stateInWords } from './instance-view.ts';
import type { Parts } from './parts.ts';

type Control = Pick<Parts, 'instances' | 'queues'>;

/** Asks for an instance to be connected, and to be kept so. */
export async function connectInstance({ instances, queues }: Control, id: string): Promise<void> {
  await instances.setDesired(id, 'connected');
  await queues.addControl(id, { name: 'connect' });
  // Also if it seems open: what was read may be of a worker that has just died.
  await queues.rouse(id, 'requested');
}

/** Asks for the connection to be closed and opened again. */
export async function restartInstance({ instances, queues }: Control, id: string): Promise<void> {
  await instances.setDesired(id, 'connected');
  await queues.addControl(id, { name: 'restart' });
  await queues.rouse(id, 'requested');
}

/** Asks for the connection to be closed and to stay so. The phone stays linked. */
export async function stopInstance({ instances, queues }: Control, id: string): Promise<void> {
  await instances.setDesired(id, 'stopped');
  await queues.addControl(id, { name: 'stop' });
  await queues.rouse(id, 'control');
}

/** Asks for the phone to be unlinked and the credentials to be wiped. @throws INSTANCE_NOT_PAIRED */
export async function logoutInstance({ queues }: Control, instance: StoredInstance): Promise<void> {
  if (!instance.paired) throw apiError('INSTANCE_NOT_PAIRED', stateInWords(instance));
  await queues.addControl(instance.id, { name: 'logout' });
  await queues.rouse(instance.id, 'control');
}

/** Hides an instance at once; a worker then logs it out and wipes the rest. May be repeated after it was interrupted. */
export async function removeInstance({ instances, queues }: Control, instance: StoredInstance): Promise<void> {
  // The job first: if the rest fails, the instance is still there to be deleted again.
  await queues.addControl(instance.id, { name: 'remove' });
  await instances.markRemoved(instance);
  await queues.rouse(instance.id, 'control');
}
