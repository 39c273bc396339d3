import type { QueuedBody } from '@flotilla/contracts';
import type { AnyMessageContent } from '@whiskeysockets/baileys';

/** `send.text`: a plain text message. */
export const sendText = (body: QueuedBody<'send.text'>): AnyMessageContent => ({ text: body.text, linkPreview: null });
