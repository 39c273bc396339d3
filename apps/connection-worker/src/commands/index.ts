import type { CommandJob, CommandName } from '@flotilla/contracts';
import type { CommandHandler, Part } from './handler.ts';
import { sendText } from './send-text.ts';

/** One for each command of the catalog. */
const handlers: { [N in CommandName]?: CommandHandler<N> } = {
  'send.text': sendText,
};

/** The messages that a command consists of. Its body is as the gateway validated it. */
export function partsOf({ name, body, messageId }: CommandJob): Part[] {
  const handler = handlers[name] as CommandHandler<CommandName> | undefined;
  if (!handler) throw new RangeError(`There is no handler for ${name}`);
  const parts = handler(body as never, messageId);
  return Array.isArray(parts) ? parts : [parts];
}
