import { createHash } from 'node:crypto';
import type { EventMessage } from '@flotilla/contracts';

/** Words of everyday messages, in two languages. */
const words = (
  'hello thanks please order delivery tomorrow today address invoice payment price question already received waiting ' +
  'can you send me the of and for with that this when where how much is are was will not yes no ok great morning ' +
  'olá obrigado por favor pedido entrega amanhã hoje endereço boleto pagamento preço dúvida já recebi aguardando ' +
  'pode me enviar o de e para com que isso quando onde quanto é são foi vai não sim ótimo bom dia boa tarde meu ' +
  'table window kitchen battery charger delivery-note size colour blue black large small medium appointment doctor'
).split(' ');

/** Numbers that look random and are the same in every run. */
function dice(seed: string) {
  let block = Buffer.alloc(0);
  let count = 0;
  const bytes = (length: number): Buffer => {
    while (block.length < length) {
      count += 1;
      block = Buffer.concat([block, createHash('sha256').update(`${seed} ${count}`).digest()]);
    }
    const taken = block.subarray(0, length);
    block = block.subarray(length);
    return Buffer.from(taken);
  };
  const below = (limit: number) => bytes(4).readUInt32BE() % limit;
  return { bytes, below };
}

const field = (number: number, value: Buffer) => {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(value.length)]), value]);
};

/**
 * A text message as phones send it: `proto.Message` with the text, or with the text and what it answers, and the
 * context that every message has: a secret of 32 bytes, and hashes and times of the device lists of both sides.
 */
function contentOf(
  text: string,
  quotedId: string | undefined,
  sender: string,
  { bytes }: ReturnType<typeof dice>,
): Buffer {
  const time = (number: number) =>
    Buffer.concat([Buffer.from([number << 3]), bytes(5).map((byte, n) => (n < 4 ? byte | 128 : 6))]);
  const devices = Buffer.concat([field(1, bytes(10)), time(2), field(8, bytes(10)), time(9)]);
  const context = field(35, Buffer.concat([field(1, devices), Buffer.from([16, 2]), field(3, bytes(32))]));
  if (quotedId === undefined) return Buffer.concat([field(1, Buffer.from(text)), context]);
  const answers = field(17, Buffer.concat([field(1, Buffer.from(quotedId)), field(2, Buffer.from(sender))]));
  return Buffer.concat([field(6, Buffer.concat([field(1, Buffer.from(text)), answers])), context]);
}

/**
 * Text messages both ways as a number with customers has them: chats of very different length, about twelve words each,
 * one in ten an answer to another.
 * @param until the time of the last (Unix ms); they are spread over 20 days
 */
export function realisticMessages(count: number, chats: number, until: number) {
  const random = dice(`${count} ${chats}`);
  const { below, bytes } = random;
  const people = Array.from({ length: chats }, (_, n) => {
    const phone = `55119${String(10_000_000 + below(89_999_999))}`;
    return {
      phone,
      lid: `${String(100_000_000 + below(899_999_999))}${String(10_000 + below(89_999))}@lid`,
      pushName: ['Ana Paula', 'John Miller', 'Bruno', 'Mohammed A.', 'Lena', 'Carlos Eduardo'][n % 6] ?? '',
      // Newer accounts are addressed by LID.
      byLid: below(2) === 0,
    };
  });
  const myself = {
    jid: '14155550100:7@s.whatsapp.net',
    phone: '14155550100',
    lid: '90210555000111@lid',
    pushName: 'Shop',
  };
  return Array.from({ length: count }, (_, n) => {
    // The square makes a few chats long and most of them short.
    const person = people[Math.floor((below(1_000) / 1_000) ** 2 * chats)] ?? people[0];
    if (person === undefined) throw new RangeError('There must be a chat');
    const { byLid, ...party } = person;
    const jid = byLid ? person.lid : `${person.phone}@s.whatsapp.net`;
    const fromMe = n % 2 === 1;
    const id = (fromMe ? `3EB0${bytes(9).toString('hex')}` : `${bytes(16).toString('hex')}`).toUpperCase();
    const text = Array.from({ length: 3 + below(18) }, () => words[below(words.length)]).join(' ');
    const quotedId = below(10) === 0 ? bytes(16).toString('hex').toUpperCase() : undefined;
    const message: EventMessage = {
      id,
      chat: jid,
      fromMe,
      sender: fromMe ? myself : { jid, ...party },
      timestamp: until - Math.floor(((count - n) * 20 * 86_400_000) / count),
      kind: 'text',
      type: quotedId ? 'extendedTextMessage' : 'conversation',
      text,
      ...(quotedId ? { quotedId, quoted: { id: quotedId, sender: jid } } : {}),
    };
    const content = contentOf(text, quotedId, jid, random);
    const at = message.timestamp;
    const statuses = fromMe
      ? {
          at: {
            queued: at - 900,
            sending: at - 400,
            acked: at + 120,
            delivered: at + 1_500,
            read: at + 60_000 + below(9_000_000),
          },
        }
      : undefined;
    return { message, content, statuses };
  });
}
