import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';

/** `send.location`: a place. */
export const sendLocation: CommandHandler<'send.location'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: (context) => {
    const { latitude, longitude, name, address } = body;
    const locationMessage = { degreesLatitude: latitude, degreesLongitude: longitude, name, address };
    return compose(context, { locationMessage }, body);
  },
});
