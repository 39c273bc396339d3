import type { CommandBody, CommandName } from '@flotilla/contracts';
import Type, { type TSchema } from 'typebox';
import { apiError } from '../../errors.ts';
import { findInstance } from '../../instance-view.ts';
import { readPhone } from '../../recipient.ts';
import type { DialectRoutes } from '../dialect.ts';
import { fileOf, neededText, TextOrNumber, textOf } from '../field.ts';
import { nameOf } from '../named-instance.ts';
import { sendAndWait } from '../sending.ts';
import { InstanceParams } from './shapes.ts';

type Fields = Record<string, unknown>;

/** A kind of message: what its route takes, and which command that becomes. */
interface Send<N extends CommandName> {
  summary: string;
  fields: Record<string, TSchema>;
  command: N;
  read(body: Fields, to: string): CommandBody<N>;
}

const send = <N extends CommandName>(
  summary: string,
  command: N,
  fields: Record<string, TSchema>,
  read: Send<N>['read'],
) => ({ summary, command, fields, read }) satisfies Send<N>;

const text = Type.Optional(TextOrNumber);
const file = {
  url: Type.Optional(Type.String({ description: 'Where the file is' })),
  base64: Type.Optional(Type.String({ description: 'The file itself, in place of `url`; a data: URL, too' })),
};
const captioned = { ...file, caption: text };

/** The file of a request. */
function mediaOf(body: Fields) {
  const mimeType = textOf(body, 'mimetype', 'mimeType');
  const fileName = textOf(body, 'fileName', 'filename');
  return {
    ...fileOf(neededText(body, 'url', 'base64')),
    ...(mimeType && { mimeType }),
    ...(fileName && { fileName }),
  };
}

const captionOf = (body: Fields) => {
  const caption = textOf(body, 'caption');
  return caption === undefined ? {} : { caption };
};

/** A phone number without a name in it. @throws VALIDATION with the reason */
export function sanitizePhone(value: string, field: string): string {
  const phone = readPhone(value);
  if ('reason' in phone) throw apiError('VALIDATION', `${field}: ${phone.reason}`);
  return phone.digits;
}

function coordinate(body: Fields, field: 'latitude' | 'longitude'): number {
  const value = Number(neededText(body, field));
  if (Number.isNaN(value)) throw apiError('VALIDATION', `${field}: must be a number`);
  return value;
}

/** By the last part of their paths. */
const sends = {
  sendMessage: send('Send text message', 'send.text', { message: text, text }, (body, to) => ({
    to,
    text: neededText(body, 'message', 'text'),
  })),
  sendImage: send('Send image with caption', 'send.image', captioned, (body, to) => ({
    to,
    media: mediaOf(body),
    ...captionOf(body),
  })),
  sendVideo: send('Send video with caption', 'send.video', captioned, (body, to) => ({
    to,
    media: mediaOf(body),
    ...captionOf(body),
  })),
  sendAudio: send(
    'Send audio/voice (PTT with waveform)',
    'send.audio',
    { ...file, ptt: Type.Optional(Type.Boolean({ description: 'A voice message with waveform. Default true' })) },
    (body, to) => ({ to, media: mediaOf(body), voice: body.ptt !== false }),
  ),
  sendFile: send(
    'Send document/file',
    'send.document',
    { ...captioned, fileName: text, filename: text, mimetype: text, mimeType: text },
    (body, to) => {
      const { fileName, mimeType, ...media } = mediaOf(body);
      return { to, media, ...(fileName && { fileName }), ...(mimeType && { mimeType }), ...captionOf(body) };
    },
  ),
  sendSticker: send('Send sticker', 'send.sticker', file, (body, to) => ({ to, media: mediaOf(body) })),
  sendLocation: send(
    'Send location',
    'send.location',
    { latitude: text, longitude: text, name: text, address: text },
    (body, to) => {
      const name = textOf(body, 'name');
      const address = textOf(body, 'address');
      const place = { latitude: coordinate(body, 'latitude'), longitude: coordinate(body, 'longitude') };
      return { to, ...place, ...(name && { name }), ...(address && { address }) };
    },
  ),
  sendContact: send('Send contact card', 'send.contacts', { contactName: text, contactNumber: text }, (body, to) => {
    const name = neededText(body, 'contactName');
    const phone = sanitizePhone(neededText(body, 'contactNumber'), 'contactNumber');
    return { to, contacts: [{ name, phones: [`+${phone}`] }] };
  }),
} as const;

const Sent = Type.Object({
  success: Type.Literal(true),
  instanceId: Type.String(),
  messageId: Type.String(),
  to: Type.String({ description: 'The recipient as JID' }),
  status: Type.Enum(['pending', 'sent', 'delivered', 'read'], {
    description: '`sent`: WhatsApp has acknowledged it. `pending`: it had not within 20 seconds; it still will be sent',
  }),
  timestamp: Type.String({ format: 'date-time' }),
});

const words = {
  queued: 'pending',
  sending: 'pending',
  acked: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'pending',
} as const;

/** The JID that `sendToLid` means: `123…@lid`, or its digits alone. */
export function lidOf(value: string): string {
  const digits = /^\s*(\d{5,20})(?:@lid)?\s*$/i.exec(value)?.[1];
  if (digits === undefined) throw apiError('VALIDATION', 'lid: is not a LID: it looks like 123456789012345@lid');
  return `${digits}@lid`;
}

/** One route for each kind of message, and `sendToLid`. */
export const sendRoutes: DialectRoutes = async (app, parts) => {
  const route = <N extends CommandName>(
    path: string,
    { summary, command, fields, read }: Send<N>,
    recipient: { fields: Record<string, TSchema>; read(body: Fields): string },
  ) =>
    app.post(
      `/instances/:id/${path}`,
      {
        bodyLimit: parts.inlineBodyBytes,
        config: { access: 'messages:send' },
        schema: {
          tags: ['Messages'],
          summary,
          description:
            'Answered when WhatsApp has acknowledged it, or after 20 seconds with the status that it has then.',
          params: InstanceParams,
          body: Type.Object({ ...recipient.fields, ...fields }),
          response: { 200: Sent },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string };
        const instance = await findInstance(parts, request, id);
        const fields = request.body as Fields;
        const body = read(fields, recipient.read(fields));
        const outcome = await sendAndWait(parts, request, reply, { instance, name: command, body });
        return {
          success: true as const,
          instanceId: nameOf(instance),
          messageId: outcome.messageId,
          to: outcome.to,
          status: words[outcome.status],
          timestamp: new Date(outcome.acceptedAt).toISOString(),
        };
      },
    );

  const toPhone = { fields: { to: text }, read: (body: Fields) => neededText(body, 'to') };
  for (const [path, each] of Object.entries(sends)) route(path, each as Send<CommandName>, toPhone);
  const toLid = { fields: { lid: text, to: text }, read: (body: Fields) => lidOf(neededText(body, 'lid', 'to')) };
  route('sendToLid', { ...sends.sendMessage, summary: 'Send message using LID' }, toLid);
};
