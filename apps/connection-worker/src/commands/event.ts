import { compose } from './compose.ts';
import { type CommandHandler, SendRefused } from './handler.ts';

/** Where a call link leads, by what kind of call it is for. */
const callLinks = { audio: 'https://call.whatsapp.com/voice/', video: 'https://call.whatsapp.com/video/' };

/** `send.event`: an event that people can say yes or no to. */
export const sendEvent: CommandHandler<'send.event'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { name, description, location, call, extraGuests } = body;
    const startTime = Math.floor(body.startsAt / 1_000);
    const endTime = body.endsAt === undefined ? undefined : Math.floor(body.endsAt / 1_000);
    if (endTime !== undefined && endTime < startTime)
      throw new SendRefused('invalid-content', 'The event ends before it starts');
    const token = call && (await context.sock.createCallLink(call, { startTime }));
    const eventMessage = {
      name,
      description,
      startTime,
      endTime,
      isCanceled: false,
      extraGuestsAllowed: extraGuests ?? false,
      ...(location
        ? {
            location: {
              degreesLatitude: location.latitude,
              degreesLongitude: location.longitude,
              name: location.name,
              address: location.address,
            },
          }
        : {}),
      ...(call && token ? { joinLink: `${callLinks[call]}${token}`, isScheduleCall: true } : {}),
    };
    return compose(context, { eventMessage }, body);
  },
});
