import { expect, test } from 'vitest';
import { changesContacts, knowContacts } from './known-contacts.ts';

/** A repository that counts what it is asked. */
function repository() {
  const asked = { sessions: 0, lids: 0 };
  const state = { exists: true, lid: '1@lid' as string | null, age: 0 };
  const contacts = knowContacts(
    {
      async validateSession() {
        asked.sessions += 1;
        return { exists: state.exists };
      },
      async getLIDForPN() {
        asked.lids += 1;
        return state.lid;
      },
    },
    () => state.age,
  );
  return { asked, state, contacts };
}

test('a session and a LID are asked for once, until something changes', async () => {
  const { asked, state, contacts } = repository();
  for (let n = 0; n < 3; n += 1) {
    expect(await contacts.validateSession('1@s.whatsapp.net')).toEqual({ exists: true });
    expect(await contacts.getLIDForPN('1@s.whatsapp.net')).toBe('1@lid');
  }
  expect(asked).toEqual({ sessions: 1, lids: 1 });
  state.age += 1;
  state.exists = false;
  state.lid = '2@lid';
  expect(await contacts.validateSession('1@s.whatsapp.net')).toEqual({ exists: false });
  expect(await contacts.getLIDForPN('1@s.whatsapp.net')).toBe('2@lid');
});

test('that there is none is asked again each time', async () => {
  const { asked, state, contacts } = repository();
  state.exists = false;
  state.lid = null;
  for (let n = 0; n < 2; n += 1) {
    await contacts.validateSession('1@s.whatsapp.net');
    expect(await contacts.getLIDForPN('1@s.whatsapp.net')).toBeNull();
  }
  expect(asked).toEqual({ sessions: 2, lids: 2 });
});

test('an answer that a change has overtaken is not remembered', async () => {
  const { asked, state, contacts } = repository();
  const answer = contacts.validateSession('1@s.whatsapp.net');
  state.age += 1;
  expect(await answer).toEqual({ exists: true });
  await contacts.validateSession('1@s.whatsapp.net');
  expect(asked.sessions).toBe(2);
});

test('a ratchet that moves on changes nothing; a session that goes or is closed does, and so does a mapping', () => {
  const record = (closed: number) => ({
    _sessions: { a: { registrationId: 1, indexInfo: { closed } } },
    version: 'v1',
  });
  const session = (value: unknown) => ({ session: { '1.0': value } }) as never;
  expect(changesContacts(session(record(-1)))).toBe(false);
  expect(changesContacts({ 'sender-key': { a: Buffer.from('a') } } as never)).toBe(false);
  expect(changesContacts(session(null))).toBe(true);
  expect(changesContacts(session(record(1_700_000_000_000)))).toBe(true);
  expect(changesContacts({ 'lid-mapping': { '1': '2' } })).toBe(true);
});
