/**
 * What the compressor has seen before the first message: the JSON of typical ones, the most frequent last, where it
 * reaches it cheapest. What is stored can only be read with the very bytes it was written with, so this text is never
 * changed: a better one would be a second one, under a new version of the record.
 */
export const dictionary = Buffer.from(
  [
    '"location":{"latitude":,"longitude":,"name":"","address":""}',
    '"contacts":[{"name":"","phones":[""],"vcard":"BEGIN:VCARD\\nVERSION:3.0\\nN:;;;;\\nFN:\\nTEL;type=CELL;waid=:+\\nEND:VCARD"}]',
    '"poll":{"name":"","options":["",""],"selectable":1}',
    '"event":{"name":"","description":"","startsAt":17,"endsAt":17,"callLink":"https://call.whatsapp.com/video/"}',
    '"reply":{"id":"","text":""}',
    '"type":"stickerMessage","media":{"status":"pending","mimeType":"image/webp","animated":true',
    '"type":"documentMessage","media":{"status":"stored","mimeType":"application/pdf","fileName":".pdf"',
    '"type":"audioMessage","media":{"status":"pending","mimeType":"audio/ogg; codecs=opus","size":,"seconds":,"waveform":[0,',
    '"type":"videoMessage","media":{"status":"pending","mimeType":"video/mp4","size":,"sha256":"","seconds":,"gif":true',
    '"type":"imageMessage","text":"","caption":"","media":{"id":"med_","status":"pending","mimeType":"image/jpeg","size":,"sha256":"","width":1200,"height":1600',
    ' the and you for that with have this please thanks hello will can not is are was tomorrow today order delivery',
    ' que não para você com uma por favor obrigado bom dia olá pedido entrega hoje amanhã está muito gracias hola buenos días',
    'https://www. .com/',
    '"forwarded":1,"expiration":604800,"expiration":86400,"viewOnce":true,"albumId":"',
    '"mentions":["@lid","@s.whatsapp.net"],"mentionsAll":true',
    '"quotedId":"3EB0","quoted":{"id":"3A","sender":"@lid","kind":"text","text":"',
    '{"chat":"120363@g.us","sender":{"jid":"@lid","phone":"","lid":"@lid","pushName":""},"type":"extendedTextMessage","text":"',
    '{"chat":"@s.whatsapp.net","sender":{"jid":"@s.whatsapp.net","phone":"","lid":"@lid","pushName":"',
    '"},"type":"conversation","text":"',
  ].join('\n'),
);
