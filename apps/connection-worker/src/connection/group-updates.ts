import type { BaileysEventEmitter } from '@whiskeysockets/baileys';

/**
 * Has changes of groups told one by one. Baileys gathers events while it works through what came in together, and of
 * several changes of one group it keeps the first: the new subject is told, and that only admins may write is lost
 * (`event-buffer.js`, 7.0.0-rc14). Putting them together would lose who made each, so they are not gathered at all:
 * `event` is what Baileys itself fires with the events to tell, and is never held back.
 */
export function tellGroupUpdatesSingly(ev: Pick<BaileysEventEmitter, 'emit'>): void {
  const emit = ev.emit.bind(ev) as (event: string, data: unknown) => boolean;
  ev.emit = (event, data) => (event === 'groups.update' ? emit('event', { 'groups.update': data }) : emit(event, data));
}
