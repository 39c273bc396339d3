import type { CommandBody, EventMessage } from '@flotilla/contracts';
import type { StoredInstance } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { DialectParts } from '../dialect.ts';
import { neededText, TextOrNumber, textOf } from '../field.ts';
import { type Outcome, sendAndWait } from '../sending.ts';

export const recipientNames = ['to', 'chatId', 'number', 'phone', 'phoneNumber'] as const;
const textNames = ['message', 'content', 'text', 'body', 'caption'] as const;

/** whatsapp-web.js' `MessageMedia`. */
const MessageMedia = Type.Object({
  mimetype: Type.String(),
  data: Type.String({ description: 'The file as base64' }),
  filename: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
type MessageMedia = Static<typeof MessageMedia>;

export const SendBody = Type.Object({
  ...Object.fromEntries(recipientNames.map((name) => [name, Type.Optional(TextOrNumber)])),
  ...Object.fromEntries(textNames.map((name) => [name, Type.Optional(Type.Union([TextOrNumber, MessageMedia]))])),
  media: Type.Optional(MessageMedia),
  sendAudioAsVoice: Type.Optional(Type.Boolean()),
  sendMediaAsDocument: Type.Optional(Type.Boolean()),
});
type SendBody = Static<typeof SendBody>;

/** What was sent, as the history will have it. */
type Content = Pick<EventMessage, 'kind' | 'text' | 'caption' | 'media'>;

const isMedia = (value: unknown): value is MessageMedia =>
  typeof value === 'object' && value !== null && 'mimetype' in value && 'data' in value;

/** The file of a body: `media`, or what stands where the text would, as with `sendMessage` of whatsapp-web.js. */
const mediaOf = (body: SendBody) => [body.media, ...Object.values(body)].find(isMedia);

/** Sends what a body says: a text, or a file with a caption. @throws VALIDATION, and like `sendAndWait` */
export async function send(
  parts: DialectParts,
  request: FastifyRequest,
  reply: FastifyReply,
  instance: StoredInstance,
  to: string,
): Promise<{ outcome: Outcome; content: Content }> {
  const body = request.body as SendBody;
  const media = mediaOf(body);
  if (!media) {
    const text = neededText(body, ...textNames);
    const outcome = await sendAndWait(parts, request, reply, { instance, name: 'send.text', body: { to, text } });
    return { outcome, content: { kind: 'text', text } };
  }
  const { mimetype: mimeType, data: base64 } = media;
  const fileName = media.filename ?? undefined;
  const caption = textOf(body, ...textNames);
  const captioned = { to, media: { base64, mimeType }, ...(caption && { caption }) };
  const command = <N extends 'send.image' | 'send.video' | 'send.audio' | 'send.document'>(
    name: N,
    of: CommandBody<N>,
  ) => sendAndWait(parts, request, reply, { instance, name, body: of });
  const family = body.sendMediaAsDocument ? 'document' : mimeType.split('/')[0];
  const voice = body.sendAudioAsVoice ?? false;
  const shown = { text: caption, caption, media: { status: 'stored' as const, mimeType, fileName } };
  switch (family) {
    case 'image':
      return { outcome: await command('send.image', captioned), content: { kind: 'image', ...shown } };
    case 'video':
      return { outcome: await command('send.video', captioned), content: { kind: 'video', ...shown } };
    case 'audio': {
      const outcome = await command('send.audio', { to, media: captioned.media, voice });
      return { outcome, content: { kind: voice ? 'voice' : 'audio', ...shown, text: undefined, caption: undefined } };
    }
    default: {
      const outcome = await command('send.document', { ...captioned, mimeType, ...(fileName && { fileName }) });
      return { outcome, content: { kind: 'document', ...shown } };
    }
  }
}
