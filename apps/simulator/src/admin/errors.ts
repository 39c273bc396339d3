import createError from '@fastify/error';
import type { Account } from '../account.ts';
import type { Network } from '../network.ts';
import type { Contact } from '../people/contact.ts';

const AccountNotFound = createError('ACCOUNT_NOT_FOUND', 'No account has the number %s', 404);
const ContactNotFound = createError('CONTACT_NOT_FOUND', 'No contact has the number %s', 404);
export const DeviceNotFound = createError('DEVICE_NOT_FOUND', 'The account has no device %s', 404);
export const MessageNotFound = createError('MESSAGE_NOT_FOUND', 'No message has the id %s', 404);

/** The account of a number. Throws 404. */
export function accountOf(network: Network, phone: string): Account {
  const account = network.account(phone);
  if (!account) throw new AccountNotFound(phone);
  return account;
}

/** The contact of a number. Throws 404. */
export function contactOf(network: Network, phone: string): Contact {
  const contact = network.account(phone)?.contact;
  if (!contact) throw new ContactNotFound(phone);
  return contact;
}
