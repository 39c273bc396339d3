import { describe, expect, it } from 'vitest';
import { sendingScene } from './sending-scene.ts';

describe('sending', () => {
  const scene = sendingScene();

  it('a place shows it with name and address', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('location', {
      to: ann.phone,
      latitude: 52.5163,
      longitude: 13.3777,
      name: 'Brandenburger Tor',
      address: 'Pariser Platz, Berlin',
    });
    const { type, message } = await scene.shown(ann, messageId);
    expect(type).toBe('locationMessage');
    expect(message.locationMessage).toMatchObject({
      degreesLatitude: 52.5163,
      degreesLongitude: 13.3777,
      name: 'Brandenburger Tor',
      address: 'Pariser Platz, Berlin',
    });
  });

  it('one contact, and several, shows cards whose numbers can be written to', async () => {
    const ann = await scene.contact();
    const one = await scene.send('contacts', {
      to: ann.phone,
      contacts: [
        { name: 'Ben; Smith', phones: ['+1 415 555 0123'], organization: 'Acme, Inc', email: 'ben@acme.test' },
      ],
    });
    const single = await scene.shown(ann, one.messageId);
    expect(single.type).toBe('contactMessage');
    const vcard = String(single.message.contactMessage?.vcard);
    expect(vcard.split('\n')).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:;Ben\\; Smith;;;',
      'FN:Ben\\; Smith',
      'ORG:Acme\\, Inc',
      'TEL;type=CELL;type=VOICE;waid=14155550123:+14155550123',
      'EMAIL;type=INTERNET:ben@acme.test',
      'END:VCARD',
    ]);
    const own = 'BEGIN:VCARD\nVERSION:3.0\nFN:Cleo\nEND:VCARD';
    const two = await scene.send('contacts', {
      to: ann.phone,
      contacts: [
        { name: 'Ben', phones: ['+44 20 7946 0958', '+44 20 7946 0959'] },
        { name: 'Cleo', vcard: own },
      ],
    });
    const several = await scene.shown(ann, two.messageId);
    expect(several.message.contactsArrayMessage?.contacts).toMatchObject([
      { displayName: 'Ben', vcard: expect.stringContaining('waid=442079460959:+442079460959') },
      { displayName: 'Cleo', vcard: own },
    ]);
    const failed = await scene.refused('contacts', { to: ann.phone, contacts: [{ name: 'Nobody' }] });
    expect(failed.error?.code).toBe('invalid-content');
  });

  it('a poll shows its options, in a chat and in a group', async () => {
    const ann = await scene.contact();
    const group = await scene.group(ann);
    for (const to of [ann.phone, group]) {
      const { messageId } = await scene.send('poll', { to, name: 'Lunch?', options: ['Soup', 'Salad'] });
      const { poll, type } = await scene.shown(ann, messageId);
      expect(poll).toEqual({ name: 'Lunch?', options: ['Soup', 'Salad'], selectable: 1, votes: [] });
      expect(type).toBe('pollCreationMessageV3');
    }
    const { messageId } = await scene.send('poll', {
      to: ann.phone,
      name: 'Which?',
      options: ['A', 'B', 'C'],
      selectable: 0,
    });
    expect((await scene.shown(ann, messageId)).poll).toMatchObject({ selectable: 0 });
    // The contact can vote: it has the secret that votes are encrypted with.
    await scene.fleet.simulator.call('POST', `/contacts/${ann.phone}/send`, {
      to: scene.linked.phone,
      content: { kind: 'vote', poll: messageId, options: ['B', 'C'] },
    });
    await scene.shown(ann, messageId, ({ poll }) => poll?.votes[0]?.options.join() === 'B,C');
    const failed = await scene.refused('poll', { to: ann.phone, name: 'x', options: ['A', 'B'], selectable: 3 });
    expect(failed.error?.code).toBe('invalid-content');
  });

  it('an event shows when and where, with a call link if asked for', async () => {
    const ann = await scene.contact();
    const startsAt = Date.UTC(2031, 4, 5, 10);
    const { messageId } = await scene.send('event', {
      to: ann.phone,
      name: 'Launch',
      description: 'At last',
      startsAt,
      endsAt: startsAt + 3_600_000,
      location: { latitude: 1.5, longitude: 2.5, name: 'Pier' },
      extraGuests: true,
    });
    const plain = await scene.shown(ann, messageId);
    expect(plain.event).toMatchObject({ name: 'Launch', description: 'At last', startsAt: startsAt / 1_000 });
    expect(plain.message.eventMessage).toMatchObject({
      endTime: String(startsAt / 1_000 + 3_600),
      extraGuestsAllowed: true,
      location: { degreesLatitude: 1.5, degreesLongitude: 2.5, name: 'Pier' },
    });
    for (const [call, link] of [
      ['audio', 'https://call.whatsapp.com/voice/'],
      ['video', 'https://call.whatsapp.com/video/'],
    ]) {
      const sent = await scene.send('event', { to: ann.phone, name: 'Call', startsAt, call });
      const { message } = await scene.shown(ann, sent.messageId);
      expect(String(message.eventMessage?.joinLink)).toMatch(new RegExp(`^${link}\\S+`));
    }
    const failed = await scene.refused('event', { to: ann.phone, name: 'x', startsAt, endsAt: startsAt - 60_000 });
    expect(failed.error?.code).toBe('invalid-content');
  });

  it('an invitation shows a link that lets the recipient in, or a personal one', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const group = await scene.group(ann, [], [scene.linked.phone]);
    const { messageId } = await scene.send('group-invite', { to: ben.phone, group, text: 'Come in' });
    const { text, preview } = await scene.shown(ben, messageId);
    const { inviteCode } = await scene.fleet.simulator.groups.get(group);
    expect(text).toBe(`Come in\nhttps://chat.whatsapp.com/${inviteCode}`);
    expect(preview).toMatchObject({ url: `https://chat.whatsapp.com/${inviteCode}`, title: 'Crew' });
    await scene.fleet.simulator.groups.join(inviteCode, ben.phone);

    const expiresAt = Date.UTC(2031, 0, 1);
    const personal = await scene.send('group-invite', { to: ben.phone, group, code: 'AbCdEfGh12345678', expiresAt });
    const shown = await scene.shown(ben, personal.messageId);
    expect(shown.message.groupInviteMessage).toMatchObject({
      groupJid: group,
      groupName: 'Crew',
      inviteCode: 'AbCdEfGh12345678',
      inviteExpiration: String(expiresAt / 1_000),
    });
    const closed = await scene.group(ann);
    const failed = await scene.refused('group-invite', { to: ben.phone, group: closed });
    expect(failed.error?.code).toBe('refused');
  });

  it('a raw message shows exactly that, and one with an unknown field is refused', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('raw', {
      to: ann.phone,
      message: { extendedTextMessage: { text: 'raw', contextInfo: { mentionedJid: ['1@s.whatsapp.net'] } } },
    });
    const { text, mentions } = await scene.shown(ann, messageId);
    expect({ text, mentions }).toEqual({ text: 'raw', mentions: ['1@s.whatsapp.net'] });
    for (const message of [
      { extendedTextMessage: { txt: 'misspelt' } },
      {},
      { protocolMessage: { type: 'APP_STATE_SYNC_KEY_SHARE' } },
      { senderKeyDistributionMessage: { groupId: 'x' }, conversation: 'x' },
    ])
      expect((await scene.refused('raw', { to: ann.phone, message })).error?.code).toBe('invalid-content');
  });
});
