import type { CommandName, QueuedBody } from '@flotilla/contracts';
import type { AnyMessageContent } from '@whiskeysockets/baileys';
import { sendText } from './send-text.ts';

/** Turns a command's body into what Baileys sends. One for each command of the catalog: the compiler insists. */
type Handlers = { [N in CommandName]: (body: QueuedBody<N>) => AnyMessageContent };

const handlers: Handlers = {
  'send.text': sendText,
};

/**
 * The content of a send command.
 * @param body as the gateway validated it
 */
export const contentOf = <N extends CommandName>(name: N, body: QueuedBody<N>): AnyMessageContent =>
  handlers[name](body);
