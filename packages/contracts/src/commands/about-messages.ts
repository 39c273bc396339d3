import Type from 'typebox';
import { body, context, MessageRef, messageIdSchema } from './parts.ts';

export const React = body('React', {
  message: MessageRef,
  emoji: Type.String({ maxLength: 40, description: 'One emoji; empty takes the reaction back' }),
});
export const EditMessage = body('EditMessage', {
  message: MessageRef,
  text: Type.String({ minLength: 1, maxLength: 65_536, description: 'The new text, or the new caption' }),
  mentions: context.mentions,
});
export const DeleteMessage = body('DeleteMessage', { message: MessageRef });
export const ForwardMessage = body('ForwardMessage', {
  message: Type.Object(
    { id: messageIdSchema },
    { additionalProperties: false, description: 'A message that is kept in the history' },
  ),
});
export const PinMessage = body('PinMessage', {
  message: MessageRef,
  pinned: Type.Optional(Type.Boolean({ description: 'Default true; false takes the pin away' })),
  seconds: Type.Optional(
    Type.Enum([86_400, 604_800, 2_592_000], { description: 'How long it stays pinned. Default 604800 (a week)' }),
  ),
});
export const VotePoll = body('VotePoll', {
  message: MessageRef,
  options: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 12,
    uniqueItems: true,
    description: 'What to choose, as written in the poll; empty takes the vote back',
  }),
});
