import { Readable } from 'node:stream';
import createError from '@fastify/error';
import { Type } from 'typebox';
import type { Network } from '../network.ts';
import { MediaError } from '../people/media.ts';
import { fetchMedia, verifyMedia } from '../people/media-fetch.ts';
import type { Admin } from './admin.ts';
import { contactOf, MessageNotFound } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const NoMedia = createError('NO_MEDIA', 'The message %s has no media that can be read: %s', 404);

const Text = Type.Optional(Type.String());
const Count = Type.Integer();
const From = { from: Type.String({ description: 'phone' }) };

const Media = Type.Object({
  kind: Type.String({ description: 'image (stickers too), video, audio or document' }),
  state: Type.String({ description: 'loading, verified (MAC, both hashes and the size are right) or failed' }),
  problem: Text,
  directPath: Type.String(),
  mimetype: Text,
  fileName: Text,
  size: Type.Integer({ description: 'bytes of the plaintext' }),
  sha256: Type.String({ description: 'of the plaintext, hex' }),
  seconds: Type.Optional(Count),
  waveform: Type.Optional(Type.Array(Count)),
  ptt: Type.Boolean({ description: 'voice note' }),
  ptv: Type.Boolean({ description: 'video note' }),
  gifPlayback: Type.Boolean(),
  animated: Type.Boolean(),
  width: Type.Optional(Count),
  height: Type.Optional(Count),
  thumbnail: Type.Boolean(),
});

const message = {
  id: Type.String(),
  chat: Type.String({ description: 'phone of the other side, or JID of a group or of the status' }),
  sender: Type.String({ description: 'phone' }),
  type: Type.String({ description: 'name of the innermost field of the message' }),
  text: Type.Optional(Type.String({ description: 'text or caption as shown now' })),
  at: Type.Number({ description: 'Unix milliseconds' }),
  quoted: Type.Optional(
    Type.Object({ id: Type.String(), type: Text, text: Text, sender: Type.Optional(Type.String()) }),
  ),
  mentions: Type.Array(Type.String(), { description: 'JIDs' }),
  mentionsAll: Type.Boolean(),
  expiration: Type.Integer({ description: 'seconds; 0 if it stays' }),
  viewOnce: Type.Boolean(),
  forwardingScore: Type.Integer({ description: '0 if it was not forwarded' }),
  preview: Type.Optional(
    Type.Object({ url: Type.String(), title: Text, description: Text, thumbnail: Type.Boolean() }),
  ),
  media: Type.Optional(Media),
  edits: Count,
  deleted: Type.Boolean(),
  pinned: Type.Boolean(),
  pinnedSeconds: Count,
  kept: Type.Boolean(),
  reactions: Type.Array(Type.Object({ ...From, text: Type.String(), at: Type.Number() })),
  poll: Type.Optional(
    Type.Object({
      name: Type.String(),
      options: Type.Array(Type.String()),
      selectable: Count,
      votes: Type.Array(Type.Object({ ...From, options: Type.Array(Type.String()) })),
    }),
  ),
  event: Type.Optional(
    Type.Object({
      name: Type.String(),
      description: Text,
      startsAt: Type.Number({ description: 'Unix seconds' }),
      canceled: Type.Boolean(),
      responses: Type.Array(Type.Object({ ...From, response: Type.String(), extraGuests: Count })),
    }),
  ),
  albumId: Type.Optional(Type.String({ description: 'the album that it is a part of' })),
  parts: Type.Optional(Type.Array(Type.String(), { description: 'ids of the parts of an album' })),
  changes: Type.Optional(
    Type.Object(
      { id: Type.String(), as: Type.String(), applied: Type.Boolean() },
      { description: 'the message that this one changes; not applied: unknown, not allowed or unreadable' },
    ),
  ),
  message: Type.Unknown({ description: 'the whole message, bytes in base64' }),
};

const InboxView = Type.Object({
  undecryptable: Count,
  retriesSent: Count,
  secondDecryptions: Count,
  entries: Type.Array(
    Type.Object({
      ...message,
      from: Type.String({ description: 'phone:device' }),
      decryptions: Count,
      shownAs: Count,
    }),
  ),
});

/** What simulated people see in their chats. */
export function inboxRoutes(app: Admin, network: Network): void {
  app.get(
    '/contacts/:phone/inbox',
    {
      schema: {
        summary: 'What a contact was shown, in order, and what became of it',
        tags: ['contacts'],
        params: PhoneParameter,
        querystring: Type.Object({
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'only what was shown behind this place' })),
        }),
        response: answers(InboxView),
      },
    },
    ({ params, query }) => {
      const { inbox, undecryptable, retriesSent } = contactOf(network, params.phone);
      const { secondDecryptions } = inbox;
      return { undecryptable, retriesSent, secondDecryptions, entries: inbox.list(query.after) };
    },
  );
  app.get(
    '/contacts/:phone/sent',
    {
      schema: {
        summary: 'What a contact wrote, and what became of it',
        description: 'The last five thousand messages.',
        tags: ['contacts'],
        params: PhoneParameter,
        response: answers(Type.Object({ entries: Type.Array(Type.Object(message)) })),
      },
    },
    ({ params }) => ({ entries: contactOf(network, params.phone).inbox.listSent() }),
  );
  app.get(
    '/contacts/:phone/inbox/:id/media',
    {
      schema: {
        summary: 'The bytes of media that a contact received, decrypted and checked',
        tags: ['contacts'],
        params: Type.Object({ phone: Phone, id: Type.String() }),
      },
    },
    async ({ params: { phone, id } }, reply) => {
      const shown = contactOf(network, phone).inbox.received(id);
      if (!shown) throw new MessageNotFound(id);
      const { media } = shown.content;
      if (!media) throw new NoMedia(id, 'none');
      try {
        // Whether they are genuine is only known at the end.
        await verifyMedia(network.media, media);
        const plaintext = Readable.from(fetchMedia(network.media, media));
        return await reply.type(media.mimetype ?? 'application/octet-stream').send(plaintext);
      } catch (error) {
        if (error instanceof MediaError) throw new NoMedia(id, error.message);
        throw error;
      }
    },
  );
}
