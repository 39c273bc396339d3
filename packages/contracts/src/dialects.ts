/** Older services whose HTTP API the gateway speaks too, each with what it is. Their names are those of the URLs. */
export const dialects = {
  luna: 'Luna WhatsApp Service: `/instances`, `/messages/text`, `/messages/media`, `/webhook`',
  'multi-instance': 'WhatsApp Multi-Instance API: `/instances/{id}/sendMessage` and its like',
  sessions: 'WhatsApp API (Baileys + REST): `/api/sessions`, `/api/metrics`',
  'qr-service': 'WhatsApp QR Service: `/init`, `/qr-code/{sessionId}`, `/send`',
  wwebjs: 'WhatsApp Service on whatsapp-web.js: `/api/sessions`, `/api/messages/{sessionId}`',
} as const;
export type DialectName = keyof typeof dialects;
export const allDialects = Object.keys(dialects) as DialectName[];
