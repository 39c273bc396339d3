import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

const types = { 1: 'A', 28: 'AAAA' } as const;

/** What a name server is asked. `count` says how often this name and type were asked before. */
interface Question {
  name: string;
  type: 'A' | 'AAAA';
  count: number;
}

/** Addresses of the type that is asked for; `unknown`: there is no such name; `silent`: no answer at all. */
export type NameAnswer = (question: Question) => readonly string[] | 'unknown' | 'silent';

/** A name server on the loopback address. */
export interface NameServer {
  /** `address:port`. */
  address: string;
  asked: Question[];
  close(): void;
}

/** Starts a name server that speaks DNS over UDP and lets nobody keep its answers. */
export async function startNameServer(answer: NameAnswer): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: Question[] = [];
  socket.on('message', (query, from) => {
    const { name, end } = readName(query);
    const type = types[query.readUInt16BE(end) as keyof typeof types];
    if (!type) return;
    const count = asked.filter((before) => before.name === name && before.type === type).length;
    const question = { name, type, count };
    asked.push(question);
    const answered = answer(question);
    if (answered === 'silent') return;
    const addresses = answered === 'unknown' ? [] : answered;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(answered === 'unknown' ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((address) => record(query.readUInt16BE(end), bytesOf(address)));
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, asked, close: () => socket.close() };
}

/** The name in the question, and where it ends. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** A resource record for the name in the question, to be forgotten at once. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // A pointer to the name in the question.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** IPv4, or IPv6 with all its groups. */
function bytesOf(address: string): Buffer {
  if (address.includes('.')) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(address.replaceAll(':', ''), 'hex');
}
