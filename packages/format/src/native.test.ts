import { events } from '@flotilla/contracts';
import { expect, it } from 'vitest';
import { contextOf, eventOf, posted } from '../test/samples.ts';
import { formats } from './formats.ts';

it('native is the event as it is, of every type', async () => {
  const event = { ...eventOf('chats.delete', { jids: ['1@lid'] }), secret: 'not to be told' };
  expect((await posted('native', event, contextOf({})))?.text).toBe(`{
  "id": "evt_1_7",
  "type": "chats.delete",
  "instance": "ins_1",
  "sequence": 7,
  "occurredAt": 1704067200000,
  "data": {
    "jids": [
      "1@lid"
    ]
  }
}`);
  expect(formats.native.events.toSorted()).toEqual(Object.keys(events).toSorted());
});

it.each(Object.entries(formats))('%s calls an instance without an alias by its id', async (name, format) => {
  const formatted = await format.format(eventOf('connection.update', { state: 'open' }), contextOf({}));
  expect(JSON.stringify(formatted?.body)).toContain(name === 'native' ? '"instance":"ins_1"' : '"ins_1"');
});
