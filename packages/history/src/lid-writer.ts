import { instanceKeys } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';

/** A LID without its device: `123@lid`. */
export const plainLid = (lid: string) => lid.replace(/(:\d+)?@.*$/, '').concat('@lid');

/**
 * Fields of the hash of mappings: by whom, from which side. Each source has its own, so that the one never overwrites
 * what the other says.
 */
export const mappingFields = {
  observed: { phoneOf: (lid: string) => `o>${lid}`, lidOf: (phone: string) => `o<${phone}` },
  manual: { phoneOf: (lid: string) => `m>${lid}`, lidOf: (phone: string) => `m<${phone}` },
} as const;

/** Notes what WhatsApp has said: which phone number a LID belongs to. @param phone digits only @param at Unix ms */
export function observeLid(instance: string, lid: string, phone: string, at: number): RedisCommand[] {
  const plain = plainLid(lid);
  const { phoneOf, lidOf } = mappingFields.observed;
  return [
    { command: 'zadd', key: instanceKeys.lids(instance), args: ['NX', at, plain] },
    {
      command: 'hset',
      key: instanceKeys.lidMappings(instance),
      args: [phoneOf(plain), `${phone} ${at}`, lidOf(phone), plain],
    },
  ];
}
