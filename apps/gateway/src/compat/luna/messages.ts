import type { CommandBody } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { findInstance } from '../../instance-view.ts';
import type { DialectParts, DialectRoutes } from '../dialect.ts';
import { fileOf, neededText, TextOrNumber, textOf } from '../field.ts';
import { nameOf } from '../named-instance.ts';
import { type Outcome, sendAndWait } from '../sending.ts';
import { baileysStatus } from './shapes.ts';

const instanceNames = ['instance', 'instanceName', 'name'] as const;
const recipientNames = ['number', 'to', 'phone', 'phoneNumber', 'jid', 'remoteJid'] as const;
const textNames = ['text', 'message', 'body'] as const;
const mediaNames = ['media', 'url', 'mediaUrl', 'base64', 'file'] as const;
const typeNames = ['mediatype', 'mediaType', 'type'] as const;
const mimeTypeNames = ['mimetype', 'mimeType'] as const;
const fileNames = ['fileName', 'filename'] as const;
const captionNames = ['caption', 'text', 'message'] as const;

const optional = (...names: string[]) => Object.fromEntries(names.map((name) => [name, Type.Optional(TextOrNumber)]));

/** A sent message as Baileys' `sendMessage` gives it, with what the document's events say beside it. */
const Sent = Type.Object({
  instance: Type.String(),
  messageId: Type.String(),
  key: Type.Object({ remoteJid: Type.String(), fromMe: Type.Literal(true), id: Type.String() }),
  message: Type.Object({}, { additionalProperties: true }),
  messageTimestamp: Type.Integer({ description: 'Unix seconds' }),
  status: Type.Integer({
    description: "Baileys' number: 1 pending, 2 acknowledged by the server, 3 delivered, 4 read",
  }),
});

const kinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
type Kind = (typeof kinds)[number];

const extensions: Record<string, Kind> = {
  ...Object.fromEntries(['jpg', 'jpeg', 'png', 'gif'].map((end) => [end, 'image'])),
  ...Object.fromEntries(['mp4', 'mov', '3gp', 'mkv', 'webm', 'avi'].map((end) => [end, 'video'])),
  ...Object.fromEntries(['mp3', 'ogg', 'oga', 'opus', 'm4a', 'wav', 'aac', 'amr'].map((end) => [end, 'audio'])),
  webp: 'sticker',
};

/** What a file is sent as: what the request says, else what its media type or the end of its name says, else a document. */
export function kindOf(said: string | undefined, mimeType: string | undefined, name: string | undefined): Kind {
  if (said !== undefined) {
    const word = said.toLowerCase();
    const kind = kinds.find((each) => each === word || `${each}message` === word);
    if (kind) return kind;
    if (word === 'ptt' || word === 'voice') return 'audio';
    if (word === 'file') return 'document';
    throw apiError('VALIDATION', `mediatype: must be one of ${kinds.join(', ')}`);
  }
  const family = mimeType?.split('/')[0];
  const byType = kinds.find((each) => each === family);
  return byType ?? extensions[/\.(\w{1,5})$/.exec(name ?? '')?.[1]?.toLowerCase() ?? ''] ?? 'document';
}

/** The media type that a `data:` URL says. */
const dataType = (media: string) => /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(media)?.[1];

/** The end of a URL's path, by which its file is called. */
const lastPart = (media: string) => (URL.canParse(media) ? new URL(media).pathname.split('/').at(-1) : undefined);

/** `/messages/text` and `/messages/media`. */
export const messageRoutes: DialectRoutes = async (app, parts) => {
  const tags = ['Messages'];

  app.post(
    '/messages/text',
    {
      config: { access: 'messages:send' },
      schema: {
        tags,
        summary: 'Send text message',
        description:
          'Answered when WhatsApp has acknowledged it, or after 20 seconds with the status that it has then.',
        body: Type.Object(optional(...instanceNames, ...recipientNames, ...textNames)),
        response: { 200: Sent },
      },
    },
    async (request, reply) => {
      const text = neededText(request.body, ...textNames);
      const { instance, to } = await addressOf(parts, request);
      const outcome = await sendAndWait(parts, request, reply, { instance, name: 'send.text', body: { to, text } });
      return answer(nameOf(instance), outcome, { conversation: text });
    },
  );

  app.post(
    '/messages/media',
    {
      bodyLimit: parts.inlineBodyBytes,
      config: { access: 'messages:send' },
      schema: {
        tags,
        summary: 'Send media message',
        description:
          'The file as URL, as base64 or as `data:` URL. `mediatype` is taken from the file if it is missing.',
        body: Type.Object({
          ...optional(...instanceNames, ...recipientNames, ...mediaNames, ...typeNames),
          ...optional(...mimeTypeNames, ...fileNames, ...captionNames),
          ptt: Type.Optional(Type.Boolean({ description: 'Of audio: a voice message. Default true' })),
        }),
        response: { 200: Sent },
      },
    },
    async (request, reply) => sendMedia(parts, request, reply),
  );
};

/** Whom a message goes to, and from where. */
async function addressOf(parts: DialectParts, request: FastifyRequest) {
  const name = neededText(request.body, ...instanceNames);
  const to = neededText(request.body, ...recipientNames);
  return { instance: await findInstance(parts, request, name), to };
}

async function sendMedia(parts: DialectParts, request: FastifyRequest, reply: FastifyReply) {
  const { body } = request;
  const given = neededText(body, ...mediaNames);
  const { instance, to } = await addressOf(parts, request);
  const mimeType = textOf(body, ...mimeTypeNames) ?? dataType(given);
  const fileName = textOf(body, ...fileNames);
  const kind = kindOf(textOf(body, ...typeNames), mimeType, fileName ?? lastPart(given));
  const file = fileOf(given);
  const media = { ...file, ...(mimeType && { mimeType }), ...(fileName && { fileName }) };
  const caption = textOf(body, ...captionNames);
  const captioned = { to, media, ...(caption && { caption }) };
  const send = <N extends `send.${Kind}`>(name: N, command: CommandBody<N>) =>
    sendAndWait(parts, request, reply, { instance, name, body: command });
  const outcome = await {
    image: () => send('send.image', captioned),
    video: () => send('send.video', captioned),
    audio: () => send('send.audio', { to, media, voice: (body as { ptt?: boolean }).ptt ?? true }),
    sticker: () => send('send.sticker', { to, media }),
    document: () =>
      send('send.document', { ...captioned, ...(fileName && { fileName }), ...(mimeType && { mimeType }) }),
  }[kind]();
  const shown = {
    ...('url' in file && { url: file.url }),
    ...(mimeType && { mimetype: mimeType }),
    ...(fileName && { fileName }),
    ...(caption && { caption }),
  };
  return answer(nameOf(instance), outcome, { [`${kind}Message`]: shown });
}

const answer = (instance: string, { messageId, to, status, acceptedAt }: Outcome, message: object) => ({
  instance,
  messageId,
  key: { remoteJid: to, fromMe: true as const, id: messageId },
  message,
  messageTimestamp: Math.floor(acceptedAt / 1_000),
  status: baileysStatus[status],
});
