import { compose } from './compose.ts';
import { type CommandHandler, SendRefused } from './handler.ts';

/** `send.poll`: a question with answers to choose from. */
export const sendPoll: CommandHandler<'send.poll'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { name, options, selectable = 1 } = body;
    if (selectable > options.length)
      throw new SendRefused('invalid-content', 'More options may be chosen than the poll has');
    const poll = {
      name,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: selectable,
    };
    // Clients show a poll with one choice only in the third form.
    return compose(context, selectable === 1 ? { pollCreationMessageV3: poll } : { pollCreationMessage: poll }, body);
  },
});
