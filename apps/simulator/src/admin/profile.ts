import createError from '@fastify/error';
import { Type } from 'typebox';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Network } from '../network.ts';
import { tellOwnDevices } from '../notice.ts';
import { trust } from '../privacy-token.ts';
import { node } from '../wire/node.ts';
import type { Admin } from './admin.ts';
import { accountOf, contactOf } from './errors.ts';
import { groupOf } from './group-access.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const EmptyPicture = createError('EMPTY_PICTURE', 'Send the bytes of the picture as image/jpeg', 400);

const Optional = Type.Optional(Type.String());
const Business = Type.Object({
  description: Optional,
  address: Optional,
  email: Optional,
  website: Optional,
  category: Optional,
  timezone: Optional,
  hours: Type.Optional(
    Type.Array(Type.Object({ day: Type.String(), mode: Type.String(), open: Optional, close: Optional })),
  ),
});
const PictureView = Type.Object({ id: Type.String(), url: Type.String(), directPath: Type.String() });
const Phones = Type.Array(Type.String());

const ProfileView = Type.Object({
  phone: Type.String(),
  name: Type.String(),
  status: Type.String(),
  picture: Type.Optional(PictureView),
  privacy: Type.Record(Type.String(), Type.String()),
  blocked: Type.Array(Type.String(), { description: 'JIDs' }),
  disappearing: Type.Integer({ description: 'seconds' }),
  business: Type.Optional(Business),
  trustedBy: Type.Array(Type.String(), { description: 'phones that gave it a privacy token' }),
});

const done = answers(Type.Object({ ok: Type.Literal(true) }));

/** What an account tells about itself, whom it shows it to, and pictures. */
export function profileRoutes(app: Admin, network: Network): void {
  const view = (account: Account) => {
    const picture = network.pictures.get({ account });
    return {
      phone: account.phone,
      name: account.name,
      status: account.status,
      ...(picture && { picture: { ...picture, url: network.media.urlOf(picture.directPath) } }),
      privacy: Object.fromEntries(account.privacy),
      blocked: [...account.blocklist],
      disappearing: account.disappearing.duration,
      ...(account.business && { business: account.business }),
      trustedBy: [...account.trustedBy.keys()],
    };
  };
  app.get(
    '/accounts/:phone/profile',
    {
      schema: {
        summary: "Show an account's profile, also a contact's",
        tags: ['accounts'],
        params: PhoneParameter,
        response: answers(ProfileView),
      },
    },
    ({ params }) => view(accountOf(network, params.phone)),
  );
  app.patch(
    '/accounts/:phone/profile',
    {
      schema: {
        summary: "Change an account's profile with its phone, also a contact's",
        description: 'Linked devices are told what they would be told.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Type.Object({
          status: Optional,
          privacy: Type.Optional(Type.Record(Type.String(), Type.String())),
          disappearing: Type.Optional(Type.Integer({ minimum: 0, description: 'seconds' })),
          block: Type.Optional(Phones),
          unblock: Type.Optional(Phones),
          business: Type.Optional(Type.Union([Business, Type.Null()])),
        }),
        response: answers(ProfileView),
      },
    },
    ({ params, body }) => {
      const account = accountOf(network, params.phone);
      if (body.status !== undefined) {
        account.status = body.status;
        account.statusSetAt = now();
      }
      for (const [name, value] of Object.entries(body.privacy ?? {})) account.privacy.set(name, value);
      if (body.disappearing !== undefined) {
        account.disappearing = { duration: body.disappearing, setAt: now() };
        const attributes = { duration: body.disappearing, t: account.disappearing.setAt };
        tellOwnDevices(account, 'account_sync', [node('disappearing_mode', attributes)]);
      }
      for (const phone of body.block ?? []) block(account, accountOf(network, phone), true);
      for (const phone of body.unblock ?? []) block(account, accountOf(network, phone), false);
      if (body.business !== undefined) account.business = body.business ?? undefined;
      return view(account);
    },
  );
  app.put(
    '/accounts/:phone/picture',
    {
      schema: {
        summary: 'Set the profile picture of an account, also of a contact',
        description: 'The body is the JPEG. Those who know the account are told.',
        tags: ['accounts'],
        params: PhoneParameter,
        response: answers(PictureView),
      },
    },
    async ({ params, body }) => {
      const account = accountOf(network, params.phone);
      const picture = await network.pictures.set({ account }, jpegOf(body), account);
      return { ...picture, url: network.media.urlOf(picture.directPath) };
    },
  );
  app.delete(
    '/accounts/:phone/picture',
    {
      schema: {
        summary: 'Remove the profile picture of an account',
        tags: ['accounts'],
        params: PhoneParameter,
        response: done,
      },
    },
    ({ params }) => {
      const account = accountOf(network, params.phone);
      network.pictures.remove({ account }, account);
      return { ok: true as const };
    },
  );
  app.put(
    '/groups/:group/picture',
    {
      schema: {
        summary: 'Let a member set the picture of a group',
        description: 'The body is the JPEG.',
        tags: ['groups'],
        params: Type.Object({ group: Type.String({ description: 'JID or its digits' }) }),
        querystring: Type.Object({ by: Phone }),
        response: answers(PictureView),
      },
    },
    async ({ params, query, body }) => {
      const group = groupOf(network, params.group);
      const picture = await network.pictures.set({ group }, jpegOf(body), accountOf(network, query.by));
      return { ...picture, url: network.media.urlOf(picture.directPath) };
    },
  );
  app.post(
    '/contacts/:phone/trust',
    {
      schema: {
        summary: 'Let a contact give an account a privacy token',
        description: "The account's clients show it with what they send to the contact from then on.",
        tags: ['contacts'],
        params: PhoneParameter,
        body: Type.Object({ to: Phone }),
        response: done,
      },
    },
    ({ params, body }) => {
      trust(contactOf(network, params.phone).account, accountOf(network, body.to));
      return { ok: true as const };
    },
  );
}

function block(account: Account, other: Account, blocked: boolean): void {
  const jid = other.jid('lid');
  if (blocked) account.blocklist.add(jid);
  else for (const each of [jid, other.jid('pn')]) account.blocklist.delete(each);
  const item = node('item', { jid, action: blocked ? 'block' : 'unblock' });
  tellOwnDevices(account, 'account_sync', [node('blocklist', {}, [item])]);
}

function jpegOf(body: unknown): Buffer {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new EmptyPicture();
  return body;
}
