import { expect, test } from 'vitest';
import { FrameReader, frame } from './frames.ts';
import { clientHeader } from './noise.ts';

const first = Buffer.from('first');
const second = Buffer.alloc(3_000, 7);
const all = Buffer.concat([clientHeader, frame(first), frame(Buffer.alloc(0)), frame(second)]);

test.each([1, 2, 3, 7, 4_096, all.length])('frames are cut the same from pieces of %i bytes', (size) => {
  const reader = new FrameReader();
  const frames: Buffer[] = [];
  for (let at = 0; at < all.length; at += size) frames.push(...reader.push(all.subarray(at, at + size)));
  expect(frames.map((each) => each.length)).toEqual([5, 0, 3_000]);
  expect(frames[0]).toEqual(first);
  expect(frames[2]).toEqual(second);
});

test('a routing hint before the header is skipped', () => {
  const hint = Buffer.concat([Buffer.from('ED'), Buffer.from([0, 1, 0, 0, 5]), Buffer.from('route')]);
  expect([...new FrameReader().push(Buffer.concat([hint, all]))]).toHaveLength(3);
});

test('something else than a client is refused', () => {
  expect(() => [...new FrameReader().push(Buffer.from('GET / HTTP/1.1'))]).toThrow('not a WhatsApp Web client');
});
