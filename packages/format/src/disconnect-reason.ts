import type { CloseReason, EventData } from '@flotilla/contracts';

/** Baileys' `DisconnectReason`, by number. */
const names: Record<number, string> = {
  401: 'loggedOut',
  403: 'forbidden',
  408: 'timedOut',
  411: 'multideviceMismatch',
  428: 'connectionClosed',
  440: 'connectionReplaced',
  500: 'badSession',
  503: 'unavailableService',
  515: 'restartRequired',
};

/** The number of each reason, where WhatsApp gave none. */
const codes: Record<CloseReason, number> = {
  'logged-out': 401,
  refused: 403,
  banned: 402,
  replaced: 440,
  'pairing-timeout': 408,
  stopped: 428,
};

/** What Baileys would call the end of a connection: its name for the number, and the number. */
export function disconnectReason({ state, reason, code }: EventData<'connection.update'>) {
  const statusCode = code ?? (reason ? codes[reason] : 408);
  const lost = reason === undefined && code === undefined;
  return {
    reason: lost ? 'connectionLost' : (names[statusCode] ?? reason ?? 'connectionClosed'),
    statusCode,
    willReconnect: state === 'backing-off',
  };
}
