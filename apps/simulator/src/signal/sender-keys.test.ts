import { GroupCipher, GroupSessionBuilder } from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import { SenderKeyDistributionMessage } from '@whiskeysockets/baileys/lib/Signal/Group/sender-key-distribution-message.js';
import { SenderKeyName } from '@whiskeysockets/baileys/lib/Signal/Group/sender-key-name.js';
import { SenderKeyRecord } from '@whiskeysockets/baileys/lib/Signal/Group/sender-key-record.js';
import { expect, test } from 'vitest';
import { SenderKeys } from './sender-keys.ts';

const group = '120363000000000001@g.us';
const ann = { lid: '1', device: 0 };

/** Ann, who writes, and somebody who has her key. */
function conversation() {
  const writer = new SenderKeys();
  const reader = new SenderKeys();
  reader.accept(group, ann, writer.distribution(group));
  const write = (text: string) => writer.encrypt(group, Buffer.from(text));
  const read = (content: Buffer) => reader.decrypt(group, ann, content).toString();
  return { writer, reader, write, read };
}

test('messages are read in order and out of order, each once', () => {
  const { write, read } = conversation();
  const sent = Array.from({ length: 5 }, (_, index) => write(`text ${index}`));
  for (const index of [3, 0, 4, 2, 1]) expect(read(sent[index] ?? Buffer.alloc(0))).toBe(`text ${index}`);
  for (const content of sent) expect(() => read(content)).toThrow('used already');
});

test('who gets the key later reads what comes from then on only', () => {
  const { writer, write } = conversation();
  const before = write('before');
  const late = new SenderKeys();
  late.accept(group, ann, writer.distribution(group));
  const after = write('after');
  expect(() => late.decrypt(group, ann, before)).toThrow('used already');
  expect(late.decrypt(group, ann, after).toString()).toBe('after');
});

test('what is not genuine changes nothing', () => {
  const { write, read, reader } = conversation();
  const genuine = write('genuine');
  const forged = Buffer.from(genuine);
  forged[10] = (forged[10] ?? 0) ^ 1;
  expect(() => read(forged)).toThrow();
  expect(() => reader.decrypt(group, { lid: '1', device: 1 }, genuine)).toThrow('no sender key');
  expect(() => reader.decrypt('120363000000000002@g.us', ann, genuine)).toThrow('no sender key');
  expect(read(genuine)).toBe('genuine');
});

test('a key that is distributed again goes on where it was, and a new one comes beside it', () => {
  const { writer, reader, write, read } = conversation();
  const late = write('late');
  expect(read(write('second'))).toBe('second');
  reader.accept(group, ann, writer.distribution(group));
  expect(read(late)).toBe('late');
  const underWay = write('under way');
  writer.renew(group);
  const unread = write('with a key that nobody has');
  expect(() => read(unread)).toThrow('no sender key');
  reader.accept(group, ann, writer.distribution(group));
  expect(read(write('with the new key'))).toBe('with the new key');
  expect(read(underWay)).toBe('under way');
  reader.forget(group);
  expect(() => read(write('forgotten'))).toThrow('no sender key');
});

test('the format agrees with the reference in both directions', async () => {
  const records = new Map<string, SenderKeyRecord>();
  const store = {
    loadSenderKey: async (name: SenderKeyName) => records.get(name.toString()) ?? new SenderKeyRecord(),
    storeSenderKey: async (name: SenderKeyName, record: SenderKeyRecord) => {
      records.set(name.toString(), record);
    },
  };
  const sender = (id: string) => new SenderKeyName(group, { id, deviceId: 0, toString: () => `${id}.0` });
  const builder = new GroupSessionBuilder(store);

  const { writer, write } = conversation();
  await builder.process(sender('ann'), distributionOf(writer.distribution(group)));
  const [first, second] = [write('first'), write('second')];
  const reading = new GroupCipher(store, sender('ann'));
  expect(Buffer.from(await reading.decrypt(second)).toString()).toBe('second');
  expect(Buffer.from(await reading.decrypt(first)).toString()).toBe('first');

  const keys = new SenderKeys();
  keys.accept(group, ann, (await builder.create(sender('reference'))).serialize());
  const writing = new GroupCipher(store, sender('reference'));
  for (const text of ['one', 'two', 'three']) {
    const content = Buffer.from(await writing.encrypt(Buffer.from(text)));
    expect(keys.decrypt(group, ann, content).toString()).toBe(text);
  }
});

function distributionOf(serialized: Uint8Array): SenderKeyDistributionMessage {
  return new SenderKeyDistributionMessage(null, null, null, null, serialized);
}
