import { Contact, ContactsQuery, pageOf } from '@flotilla/contracts';
import { listContacts, readContact } from '@flotilla/history';
import Type from 'typebox';
import { readAddress } from '../chat-address.ts';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';

const ContactParams = Type.Object({
  ...InstanceParams.properties,
  contact: Type.String({ minLength: 1, maxLength: 100, description: 'Phone number, JID or LID' }),
});

/** `/v1/instances/{instance}/contacts`: reading them. */
export const contactRoutes: Routes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/v1/instances/:instance/contacts',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listContacts',
        tags: ['Contacts'],
        summary: 'List contacts, the one that was heard of last first',
        description:
          'The phone book, and whoever has written. With a search a page may have fewer contacts than asked for: go on while there is a `nextCursor`.',
        params: InstanceParams,
        querystring: ContactsQuery,
        response: { 200: pageOf(Contact) },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      return listContacts(redis, id, { limit: defaultLimit, ...request.query });
    },
  );

  app.get(
    '/v1/instances/:instance/contacts/:contact',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'CONTACT_NOT_FOUND', 'VALIDATION'] },
      schema: {
        operationId: 'getContact',
        tags: ['Contacts'],
        summary: 'Show a contact',
        params: ContactParams,
        response: { 200: Contact },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const jid = readAddress(request.params.contact, 'path/contact');
      const contact = await readContact(redis, id, jid);
      if (!contact) throw apiError('CONTACT_NOT_FOUND', jid);
      return contact;
    },
  );
};
