/**
 * Every error that the API answers with. `%s` is filled in by whoever throws; it must never hold data of another tenant.
 * The body is always `{statusCode, code, error, message}`.
 */
export const errors = {
  VALIDATION: { statusCode: 400, message: '%s' },
  MALFORMED_JSON: {
    statusCode: 400,
    message: 'The body is not valid JSON: send an object with content-type application/json',
  },
  BAD_RECIPIENT: { statusCode: 400, message: 'to: %s' },
  BAD_WEBHOOK_URL: { statusCode: 400, message: 'url: %s' },
  BAD_WEBHOOK_HEADER: { statusCode: 400, message: 'headers: %s' },
  BAD_WEBHOOK_SECRET: {
    statusCode: 400,
    message: 'secret: must be whsec_ and 24 to 64 random bytes in base64, such as `openssl rand -base64 32` prints',
  },
  BAD_CURSOR: { statusCode: 400, message: 'cursor: not one that this list has returned' },
  KEY_MISSING: {
    statusCode: 401,
    message: 'No API key: send it as "Authorization: Bearer <key>" or "x-api-key: <key>"',
  },
  KEY_INVALID: { statusCode: 401, message: 'This API key is unknown, revoked or expired' },
  TICKET_INVALID: {
    statusCode: 401,
    message: 'This ticket is unknown, used or expired: get a new one with POST /v1/events/ticket for each stream',
  },
  LINK_INVALID: {
    statusCode: 403,
    message: 'This link is not valid, or not any more: get a new one with POST /v1/media/{id}/link',
  },
  SCOPE_MISSING: { statusCode: 403, message: 'This API key lacks the scope %s' },
  OPERATOR_ONLY: { statusCode: 403, message: 'Only the operator key may do this' },
  TENANT_KEY_NEEDED: {
    statusCode: 403,
    message: 'This needs a key of a tenant: the operator key manages tenants, it does not act as one',
  },
  ROUTE_NOT_FOUND: { statusCode: 404, message: 'There is no %s: see /docs' },
  TENANT_NOT_FOUND: { statusCode: 404, message: 'Tenant %s not found' },
  API_KEY_NOT_FOUND: { statusCode: 404, message: 'API key %s not found' },
  INSTANCE_NOT_FOUND: { statusCode: 404, message: 'Instance %s not found' },
  MESSAGE_NOT_FOUND: { statusCode: 404, message: 'Message %s not found' },
  CHAT_NOT_FOUND: { statusCode: 404, message: 'Chat %s not found' },
  CONTACT_NOT_FOUND: { statusCode: 404, message: 'Contact %s not found' },
  LID_MAPPING_NOT_FOUND: { statusCode: 404, message: 'It is not known which phone number and LID belong to %s' },
  WEBHOOK_NOT_FOUND: { statusCode: 404, message: 'Webhook %s not found' },
  DELIVERY_NOT_FOUND: { statusCode: 404, message: 'Delivery %s not found: there was none, or it is not kept any more' },
  REPLAY_NOT_FOUND: { statusCode: 404, message: 'Replay %s not found: there was none, or it ended long ago' },
  DEAD_LETTER_NOT_FOUND: { statusCode: 404, message: 'Dead letter %s not found' },
  MEDIA_NOT_FOUND: { statusCode: 404, message: 'File %s not found: there was none, it was deleted or has expired' },
  QR_NOT_READY: {
    statusCode: 404,
    message:
      'There is no QR code yet; the instance is %s. Ask again with ?wait=20 to be answered as soon as there is one',
  },
  INSTANCE_NOT_PAIRED: {
    statusCode: 409,
    message: 'The instance is %s: link it with a QR code (POST …/connect, then GET …/qr) or a pairing code first',
  },
  INSTANCE_NOT_CONNECTED: {
    statusCode: 409,
    message: 'The instance is %s: this needs an open connection. Connect it (POST …/connect) first',
  },
  TOO_MANY_SECRETS: {
    statusCode: 409,
    message: 'The webhook has %s signing secrets that are valid at once, the most it may have: wait until one expires',
  },
  WEBHOOK_DISABLED: {
    statusCode: 409,
    message: 'Webhook %s is switched off: switch it on first (PATCH /v1/webhooks/{id} with {"enabled": true})',
  },
  REPLAY_RUNNING: {
    statusCode: 409,
    message:
      'Replay %s to this webhook is still under way: wait for its end, or cancel it (POST /v1/replays/{id}/cancel)',
  },
  TOO_MANY_WEBHOOKS: { statusCode: 409, message: 'This tenant has %s webhooks, the most it may have: delete one' },
  ALIAS_TAKEN: { statusCode: 409, message: 'alias: another instance is called %s already' },
  ALREADY_PAIRED: {
    statusCode: 409,
    message: 'The instance is linked to a phone already: log it out first to link another one',
  },
  DEVICE_IN_USE: {
    statusCode: 409,
    message:
      'These credentials have been imported already, into %s: two connections with the same credentials would end each other',
  },
  EVENTS_LOST: {
    statusCode: 410,
    message:
      'The events after this cursor are not kept any more, or the cursor is not one of yours. Go on with ?after=0 (from the oldest event that is kept) or without a cursor (from now on); look at what you follow with GET requests meanwhile',
  },
  EVENT_NOT_KEPT: {
    statusCode: 410,
    message:
      'The event %s is not kept any more: the newest 5,000 of each instance are. Look at what it was about instead',
  },
  MEDIA_QUOTA_EXCEEDED: {
    statusCode: 409,
    message: 'All %s bytes for files of this tenant are taken: delete some, or wait until they expire',
  },
  MEDIA_TOO_LARGE: { statusCode: 413, message: 'The file is larger than %s bytes' },
  PAYLOAD_TOO_LARGE: { statusCode: 413, message: 'The body is larger than %s bytes' },
  RANGE_NOT_SATISFIABLE: { statusCode: 416, message: 'The file has %s bytes: ask for a range within them' },
  MEDIA_SOURCE_FAILED: { statusCode: 422, message: 'The URL of the file %s' },
  UNSUPPORTED_MEDIA_TYPE: { statusCode: 415, message: 'Unsupported content-type: send application/json' },
  IDEMPOTENCY_KEY_REUSED: {
    statusCode: 422,
    message: 'This Idempotency-Key was used with another body: use a new key for a new message',
  },
  ANSWER_TOO_LARGE: {
    statusCode: 422,
    message: 'The answer has more than %s characters: ask for less, such as for groups without their participants',
  },
  AUTH_FOLDER_REFUSED: { statusCode: 422, message: 'The folder cannot be imported. %s' },
  REFUSED_BY_WHATSAPP: { statusCode: 422, message: 'WhatsApp refused: %s' },
  CHECK_BUDGET_SPENT: {
    statusCode: 429,
    message:
      'This instance has asked for too many unknown numbers within an hour, which gets numbers banned. Ask again in %s s',
  },
  TOO_MANY_REQUESTS: {
    statusCode: 429,
    message: 'This tenant has %s under way at this gateway, the most it may have: wait for some to be answered',
  },
  TOO_MANY_STREAMS: {
    statusCode: 429,
    message: 'This tenant has %s event streams open at this gateway, the most it may have: close one first',
  },
  INTERNAL: { statusCode: 500, message: 'Something went wrong on our side; the request id is %s' },
  STORE_UNAVAILABLE: {
    statusCode: 503,
    message:
      'The store cannot be reached. Nothing was lost: repeat the request, with the same Idempotency-Key if it sends something',
  },
  OUTCOME_UNKNOWN: {
    statusCode: 502,
    message: 'The connection was lost while WhatsApp was asked: see whether it was done before you repeat the request',
  },
  REQUEST_TIMEOUT: {
    statusCode: 504,
    message: 'No answer from WhatsApp in time; the request id is %s. What it asked for may still happen',
  },
  IMPORT_TIMEOUT: { statusCode: 504, message: 'No worker took the import in time. Nothing was imported: try again' },
  PAIRING_CODE_TIMEOUT: { statusCode: 504, message: 'WhatsApp gave no pairing code in time: ask again' },
} as const satisfies Record<string, { statusCode: number; message: string }>;

export type ErrorCode = keyof typeof errors;
