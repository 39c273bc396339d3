import type { CommandName, QueuedBody, SendError } from '@flotilla/contracts';
import type { HistoryWriter } from '@flotilla/history';
import type { Converter, Media } from '@flotilla/media';
import type { Redis } from '@flotilla/redis';
import type { proto, WASocket } from '@whiskeysockets/baileys';
import type { InstanceStore } from '../instance-store.ts';
import type { LinkPreviews } from './link-preview.ts';

/** An open connection, with what commands and requests work with. */
export interface SendContext {
  sock: WASocket;
  instance: string;
  tenant: string;
  /** For reading; everything is written through `store`. */
  redis: Redis;
  store: InstanceStore;
  /** The messages that the instance keeps. */
  history: HistoryWriter;
  /** Files of tenants. */
  media: Media;
  /** Makes of files what WhatsApp shows. */
  converter: Converter;
  previews: LinkPreviews;
  /** Ends what takes long (downloads, conversions) when the connection is lost. */
  signal: AbortSignal;
}

/** One message of a command. */
export interface Part {
  messageId: string;
  /** JID of the chat. */
  to: string;
  /**
   * Builds the message, with everything that has to be fetched, converted and uploaded for it. What it gives is
   * journalled before it leaves, and after a crash it is not called again.
   * @throws SendRefused if it can never be sent
   */
  build(context: SendContext): Promise<proto.IMessage>;
  /** Devices of whom it is encrypted for; only for a status update. */
  audience?: string[];
}

/** Turns a command into the messages that it consists of: the first bears the command's id. */
export type CommandHandler<N extends CommandName> = (body: QueuedBody<N>, messageId: string) => Part | Part[];

/** A command that can never be sent, with what its tenant is told. */
export class SendRefused extends Error {
  readonly error: SendError;

  constructor(code: SendError['code'], message: string, more: Pick<SendError, 'whatsappCode'> = {}) {
    super(message);
    this.name = 'SendRefused';
    this.error = { code, message, ...more };
  }
}
