import createError from '@fastify/error';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Type } from 'typebox';
import type { Network } from '../network.ts';
import type { Newsletter } from '../newsletters.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { answers, Phone } from './schemas.ts';

const NewsletterNotFound = createError('NEWSLETTER_NOT_FOUND', 'No newsletter has the id %s', 404);
const PostNotFound = createError('POST_NOT_FOUND', 'The newsletter has no post %s', 404);

const NewsletterView = Type.Object({
  jid: Type.String(),
  name: Type.String(),
  description: Type.String(),
  invite: Type.String(),
  owner: Type.Optional(Type.String()),
  followers: Type.Array(Type.String(), { description: 'phones' }),
  muted: Type.Array(Type.String(), { description: 'phones' }),
  posts: Type.Array(
    Type.Object({
      id: Type.String(),
      serverId: Type.Integer(),
      at: Type.Number({ description: 'Unix seconds' }),
      text: Type.Optional(Type.String()),
      reactions: Type.Record(Type.String(), Type.String(), { description: 'by phone' }),
    }),
  ),
});
const Parameter = Type.Object({ newsletter: Type.String({ description: 'JID or its digits' }) });
const tags = ['newsletters'];

/** Newsletters (channels), their posts and their followers. */
export function newsletterRoutes(app: Admin, network: Network): void {
  const newsletterOf = (id: string) => {
    const newsletter = network.newsletters.find(id);
    if (!newsletter) throw new NewsletterNotFound(id);
    return newsletter;
  };
  app.get(
    '/newsletters',
    { schema: { summary: 'List the newsletters', tags, response: answers(Type.Array(NewsletterView)) } },
    () => network.newsletters.all.map(view),
  );
  app.get(
    '/newsletters/:newsletter',
    { schema: { summary: 'Show a newsletter', tags, params: Parameter, response: answers(NewsletterView) } },
    ({ params }) => view(newsletterOf(params.newsletter)),
  );
  app.post(
    '/newsletters',
    {
      schema: {
        summary: 'Create a newsletter',
        tags,
        body: Type.Object({
          name: Type.String({ minLength: 1 }),
          description: Type.Optional(Type.String()),
          followers: Type.Optional(Type.Array(Phone)),
        }),
        response: answers(NewsletterView),
      },
    },
    ({ body: { name, description, followers = [] } }) => {
      const accounts = followers.map((phone) => accountOf(network, phone));
      const newsletter = network.newsletters.create({ name, description });
      for (const account of accounts) newsletter.followers.add(account);
      return view(newsletter);
    },
  );
  app.patch(
    '/newsletters/:newsletter',
    {
      schema: {
        summary: 'Change name or description of a newsletter',
        description: 'Its followers are told.',
        tags,
        params: Parameter,
        body: Type.Object({ name: Type.Optional(Type.String()), description: Type.Optional(Type.String()) }),
        response: answers(NewsletterView),
      },
    },
    ({ params, body }) => {
      const newsletter = newsletterOf(params.newsletter);
      newsletter.describe(body);
      return view(newsletter);
    },
  );
  app.post(
    '/newsletters/:newsletter/posts',
    {
      schema: {
        summary: 'Post to the followers of a newsletter',
        tags,
        params: Parameter,
        body: Type.Object({ text: Type.String() }),
        response: answers(Type.Object({ id: Type.String(), serverId: Type.Integer() })),
      },
    },
    ({ params, body }) => {
      const message = proto.Message.encode({ conversation: body.text }).finish();
      const { id, serverId } = newsletterOf(params.newsletter).post(message);
      return { id, serverId };
    },
  );
  app.post(
    '/newsletters/:newsletter/posts/:serverId/reactions',
    {
      schema: {
        summary: 'Let somebody react to a post',
        description: 'An empty reaction takes it back.',
        tags,
        params: Type.Object({ ...Parameter.properties, serverId: Type.Integer() }),
        body: Type.Object({ by: Phone, reaction: Type.String() }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ params, body }) => {
      const newsletter = newsletterOf(params.newsletter);
      const post = newsletter.posts.find(({ serverId }) => serverId === params.serverId);
      if (!post) throw new PostNotFound(String(params.serverId));
      newsletter.react(post, accountOf(network, body.by), body.reaction);
      return { ok: true as const };
    },
  );
}

function view({ jid, name, description, invite, owner, followers, muted, posts }: Newsletter) {
  return {
    jid,
    name,
    description,
    invite,
    ...(owner && { owner: owner.phone }),
    followers: Array.from(followers, ({ phone }) => phone),
    muted: Array.from(muted, ({ phone }) => phone),
    posts: posts.map(({ id, serverId, at, content, reactions }) => {
      const { conversation, extendedTextMessage } = proto.Message.decode(content);
      const text = conversation || extendedTextMessage?.text;
      const by = Object.fromEntries(Array.from(reactions, ([account, code]) => [account.phone, code]));
      return { id, serverId, at, ...(text && { text }), reactions: by };
    }),
  };
}
