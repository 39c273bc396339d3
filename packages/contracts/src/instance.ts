import Type, { type Static } from 'typebox';

/** States of an instance's connection, with what each means to the tenant. */
export const connectionStates = {
  new: 'Created; never asked to connect',
  waiting: 'Asked to connect; no worker has taken it yet',
  connecting: 'A worker is opening the socket and logging in',
  pairing: 'Waits for a phone to scan the QR code or enter the pairing code',
  open: 'Logged in: messages go out and come in',
  'backing-off': 'The socket was lost; the worker waits before it tries again',
  closed: 'Not connected and not trying; `reason` says why',
} as const;

export type ConnectionStateName = keyof typeof connectionStates;

/** Why a connection is closed, with what the tenant can do. */
export const closeReasons = {
  'logged-out': 'The phone removed this device, or the API logged it out: pair again',
  refused: 'WhatsApp refused the login (403 or 406): look at the phone, then pair again',
  banned: 'WhatsApp banned the number for a time',
  replaced: 'Somebody else keeps logging in with these credentials: find them, then restart',
  'pairing-timeout': 'No phone scanned the QR code in time: connect again',
  stopped: 'Stopped by request: connect again to go on',
} as const;

export type CloseReason = keyof typeof closeReasons;

const stateSchema = Type.Enum(Object.keys(connectionStates) as ConnectionStateName[], {
  description: Object.entries(connectionStates)
    .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
    .join('. '),
});

export const InstanceStatus = Type.Object(
  {
    state: stateSchema,
    reason: Type.Optional(Type.Enum(Object.keys(closeReasons) as CloseReason[])),
    code: Type.Optional(Type.Integer({ description: "WhatsApp's close code, if one was given" })),
    since: Type.Integer({ description: 'Unix ms at which this state began' }),
    attempt: Type.Optional(Type.Integer({ description: 'Which try in a row this is' })),
    retryAt: Type.Optional(Type.Integer({ description: 'Unix ms of the next try, or of the end of a ban' })),
    jid: Type.Optional(Type.String({ description: 'The linked device, as phone number JID' })),
    lid: Type.Optional(Type.String({ description: 'The linked device, as LID' })),
    phone: Type.Optional(Type.String({ description: 'The linked phone number, digits only' })),
    pushName: Type.Optional(Type.String()),
  },
  { $id: 'InstanceStatus' },
);
export type InstanceStatus = Static<typeof InstanceStatus>;

const name = Type.String({ minLength: 1, maxLength: 100, description: 'Shown to people; need not be unique' });

export const InstanceSettings = Type.Object(
  {
    syncFullHistory: Type.Optional(
      Type.Boolean({
        description: 'Ask the phone for its whole history when pairing. Default false: it costs much memory',
      }),
    ),
    markOnline: Type.Optional(
      Type.Boolean({
        description: 'Appear online while connected (the phone then gets no notifications). Default false',
      }),
    ),
    checksPerHour: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'How many unknown numbers may be looked for on WhatsApp within an hour. Default 300',
      }),
    ),
    sendsPerMinute: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 6000, description: 'Pacing that protects the number. Default: not limited' }),
    ),
    rawMessages: Type.Optional(
      Type.Boolean({ description: 'Add `raw` to messages: all that Baileys has of them. Default false' }),
    ),
    emitSentMessages: Type.Optional(
      Type.Boolean({
        description:
          "Tell messages that the API has sent as `messages.upsert`, too, once WhatsApp's server has them. Default false",
      }),
    ),
    downloadMedia: Type.Optional(
      Type.Boolean({ description: 'Fetch the files of messages that come in, at once. Default true' }),
    ),
    ignoreGroups: Type.Optional(Type.Boolean({ description: 'No events of groups and no history of them' })),
    ignoreStatus: Type.Optional(Type.Boolean({ description: 'The same for status updates' })),
    ignoreNewsletters: Type.Optional(Type.Boolean({ description: 'The same for newsletters (channels)' })),
    rejectCalls: Type.Optional(Type.Boolean({ description: 'Reject every call that comes in' })),
    readMessages: Type.Optional(
      Type.Boolean({ description: 'Send a read receipt for every message as soon as its event is stored' }),
    ),
  },
  { additionalProperties: false },
);
export type InstanceSettings = Static<typeof InstanceSettings>;

const alias = Type.String({
  pattern: '^(?!ins_)[A-Za-z0-9_-]{1,64}$',
  description: 'A name of your own for it, in place of its id in every URL; no two instances of a tenant share one',
  examples: ['shop-01'],
});

const metadata = Type.Record(Type.String({ pattern: '^[\\w.-]{1,64}$' }), Type.String({ maxLength: 500 }), {
  maxProperties: 50,
  description: 'Whatever you want to find with it: up to 50 texts of up to 500 characters',
});

export const CreateInstance = Type.Object(
  {
    name,
    alias: Type.Optional(alias),
    metadata: Type.Optional(metadata),
    settings: Type.Optional(InstanceSettings),
  },
  { additionalProperties: false },
);
export type CreateInstance = Static<typeof CreateInstance>;

export const UpdateInstance = Type.Object(
  {
    name: Type.Optional(name),
    alias: Type.Optional(Type.Union([alias, Type.Null()], { description: '`null` takes it away' })),
    metadata: Type.Optional(Type.Union([metadata, Type.Null()], { description: '`null` takes all of it away' })),
    settings: Type.Optional(InstanceSettings),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type UpdateInstance = Static<typeof UpdateInstance>;

/** An instance as the API shows it. */
export const Instance = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    alias: Type.Optional(Type.String()),
    metadata: Type.Optional(metadata),
    createdAt: Type.Integer({ description: 'Unix ms' }),
    paired: Type.Boolean({ description: 'A phone is linked: messages are accepted, also while it is offline' }),
    status: InstanceStatus,
    settings: InstanceSettings,
    worker: Type.Optional(Type.String({ description: 'The worker that holds the lease now' })),
    epoch: Type.Optional(Type.Integer({ description: 'Fencing token: rises each time the instance changes hands' })),
  },
  { $id: 'Instance' },
);
export type Instance = Static<typeof Instance>;

const connect = Type.Boolean({ description: 'Connect it as soon as it is imported. Default false' });

const files = Type.Record(Type.String({ minLength: 1, maxLength: 300 }), Type.String(), {
  description:
    'Each file of the folder: its name, and its content as text. `creds.json` and all keys beside it, up to 48 MB',
});

/** An auth folder for an instance that is there. */
export const ImportAuthFolder = Type.Object(
  { connect: Type.Optional(connect), files },
  { additionalProperties: false },
);
export type ImportAuthFolder = Static<typeof ImportAuthFolder>;

/** An auth folder and what is to be said of its new instance. */
export const ImportInstance = Type.Object(
  { ...CreateInstance.properties, name: Type.Optional(name), connect: Type.Optional(connect), files },
  { additionalProperties: false },
);
export type ImportInstance = Static<typeof ImportInstance>;

export const QrCode = Type.Object(
  {
    qr: Type.String({ description: 'What the QR code says' }),
    dataUrl: Type.String({ description: 'The same as a PNG in a data: URL' }),
    expiresAt: Type.Integer({ description: 'Unix ms; a new one follows by itself' }),
  },
  { $id: 'QrCode' },
);
export type QrCode = Static<typeof QrCode>;

export const RequestPairingCode = Type.Object(
  {
    phone: Type.String({ minLength: 5, maxLength: 40, description: 'The phone number to link, in international form' }),
  },
  { additionalProperties: false },
);
export type RequestPairingCode = Static<typeof RequestPairingCode>;

export const PairingCode = Type.Object(
  {
    code: Type.String({ description: 'Eight characters to type on the phone, as XXXX-XXXX' }),
    expiresAt: Type.Integer({ description: 'Unix ms' }),
  },
  { $id: 'PairingCode' },
);
export type PairingCode = Static<typeof PairingCode>;

/**
 * The instance as Redis holds it (HASH `instanceKeys.record`; every field a string there).
 * The gateway writes the first group; only the lease holder writes the second, by fenced scripts.
 */
export interface InstanceRecord {
  tenant: string;
  name: string;
  alias?: string;
  metadata?: Record<string, string>;
  createdAt: number;
  settings: InstanceSettings;
  /** What the tenant wants: a worker claims it only if `connected` (or a control job waits). */
  desired: 'connected' | 'stopped';
  /** Set when the tenant has deleted it: the API knows it no more, a worker cleans up. */
  removedAt?: number;

  /** Whether usable credentials are stored. */
  paired: boolean;
  status: InstanceStatus;
  /** The device whose credentials were imported, or are being so: the key of `fleetKeys.device`. */
  device?: string;
  /** The QR code of the moment, while pairing. */
  qr?: { text: string; expiresAt: number };
  /** The pairing code of the moment and the request it answers. */
  pairingCode?: { code: string; expiresAt: number; requestId: string };
}
