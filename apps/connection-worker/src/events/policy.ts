import type { InstanceSettings } from '@flotilla/contracts';
import { isJidGroup, isJidNewsletter, isJidStatusBroadcast } from '@whiskeysockets/baileys';

/** Whether an instance is set to leave out a chat: neither events nor history. */
export function isIgnored(chat: string, settings: InstanceSettings): boolean {
  if (isJidGroup(chat)) return settings.ignoreGroups ?? false;
  if (isJidStatusBroadcast(chat)) return settings.ignoreStatus ?? false;
  return isJidNewsletter(chat) ? (settings.ignoreNewsletters ?? false) : false;
}
