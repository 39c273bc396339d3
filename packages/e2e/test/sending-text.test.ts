import { eventually } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, startPages } from './page-server.ts';
import { sendingScene } from './sending-scene.ts';

describe('a text', () => {
  const scene = sendingScene();
  let pages: PageServer;
  beforeAll(async () => {
    pages = await startPages();
  });
  afterAll(() => pages.close());

  it('quotes what the other side wrote, by phone number and by LID', async () => {
    for (const addressing of ['pn', 'lid'] as const) {
      const ann = await scene.contact({ addressing });
      const asked = await scene.received(ann, { kind: 'text', text: 'How much?' });
      for (const to of [ann.phone, `${ann.lid}@lid`]) {
        const { messageId } = await scene.send('text', { to, text: 'Ten', quoted: { id: asked } });
        const { text, quoted } = await scene.shown(ann, messageId);
        expect(text).toBe('Ten');
        expect(quoted).toMatchObject({ id: asked, text: 'How much?' });
        expect([`${ann.phone}@s.whatsapp.net`, `${ann.lid}@lid`]).toContain(quoted?.sender);
      }
    }
  });

  it('quotes what this number wrote itself, and what somebody wrote in a group', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const own = await scene.send('text', { to: ann.phone, text: 'first' });
    const { messageId } = await scene.send('text', { to: ann.phone, text: 'second', quoted: { id: own.messageId } });
    expect((await scene.shown(ann, messageId)).quoted).toMatchObject({
      id: own.messageId,
      text: 'first',
      sender: `${scene.linked.phone}@s.whatsapp.net`,
    });
    const group = await scene.group(ann, [ben]);
    const asked = await scene.received(ben, { kind: 'text', text: 'Who?' }, group);
    const answer = await scene.send('text', { to: group, text: 'Me', quoted: { id: asked } });
    for (const member of [ann, ben])
      expect((await scene.shown(member, answer.messageId)).quoted).toMatchObject({
        id: asked,
        text: 'Who?',
        sender: `${ben.lid}@lid`,
      });
    // In private, to what was written in the group.
    const private_ = await scene.send('text', { to: ben.phone, text: 'Psst', quoted: { id: asked } });
    const shown = await scene.shown(ben, private_.messageId);
    expect(shown.message.extendedTextMessage?.contextInfo).toMatchObject({ stanzaId: asked, remoteJid: group });
  });

  it('quotes what is not kept if it is told the words, and is refused without them', async () => {
    const ann = await scene.contact();
    const quoted = { id: 'GONE0000000000000001', fromMe: false };
    const failed = await scene.refused('text', { to: ann.phone, text: 'x', quoted });
    expect(failed.error?.code).toBe('message-not-found');
    const { messageId } = await scene.send('text', { to: ann.phone, text: 'x', quoted: { ...quoted, text: 'then' } });
    expect((await scene.shown(ann, messageId)).quoted).toMatchObject({ id: quoted.id, text: 'then' });
  });

  it('mentions people by phone number in any writing, by JID and by LID', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const group = await scene.group(ann, [ben]);
    const spaced = `+${ann.phone.slice(0, 2)} ${ann.phone.slice(2, 5)} ${ann.phone.slice(5)}`;
    const { messageId } = await scene.send('text', {
      to: group,
      text: `@${spaced} and @${ben.lid}, look`,
      mentions: [`+${ann.phone}`, `${ben.lid}@lid`],
    });
    const { text, mentions } = await scene.shown(ben, messageId);
    expect(text).toBe(`@${ann.phone} and @${ben.lid}, look`);
    expect(mentions).toEqual([`${ann.phone}@s.whatsapp.net`, `${ben.lid}@lid`]);
    const direct = await scene.send('text', { to: ann.phone, text: `@${ben.phone}`, mentions: [ben.phone] });
    expect((await scene.shown(ann, direct.messageId)).mentions).toEqual([`${ben.phone}@s.whatsapp.net`]);
  });

  it('mentions everybody in a group', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const group = await scene.group(ann, [ben]);
    const { messageId } = await scene.send('text', { to: group, text: 'Attention', mentionAll: true });
    for (const member of [ann, ben])
      expect(await scene.shown(member, messageId)).toMatchObject({ mentionsAll: true, text: 'Attention' });
  });

  it('disappears as it is told, or as the chat is set', async () => {
    const ann = await scene.contact();
    const told = await scene.send('text', { to: ann.phone, text: 'soon gone', expiration: 86_400 });
    expect((await scene.shown(ann, told.messageId)).expiration).toBe(86_400);
    const plain = await scene.send('text', { to: ann.phone, text: 'stays' });
    expect((await scene.shown(ann, plain.messageId)).expiration).toBe(0);

    const disappearing = { protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 604_800 } };
    const set = await scene.send('raw', { to: ann.phone, message: disappearing });
    await scene.shown(ann, set.messageId);
    const after = await scene.send('text', { to: ann.phone, text: 'as set' });
    expect((await scene.shown(ann, after.messageId)).expiration).toBe(604_800);
    const never = await scene.send('text', { to: ann.phone, text: 'kept', expiration: 0 });
    expect((await scene.shown(ann, never.messageId)).expiration).toBe(0);
  });

  it('disappears as the group is set', async () => {
    const ann = await scene.contact();
    const group = await scene.group(ann);
    await scene.fleet.simulator.groups.change(group, ann.phone, { ephemeral: 86_400 });
    await eventually(
      async () => {
        const { messageId } = await scene.send('text', { to: group, text: 'in the group' });
        return (await scene.shown(ann, messageId)).expiration === 86_400;
      },
      { timeoutMs: 10_000, message: 'Messages in the group disappear' },
    );
  });

  it('to a group that this number is not in is refused', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const { id } = await scene.fleet.simulator.groups.create({
      by: ann.phone,
      subject: 'Others',
      members: [ben.phone],
    });
    for (const to of [id, '120363000000000000@g.us']) {
      const { error } = await scene.refused('text', { to, text: 'hello?' });
      expect(error).toMatchObject({ code: 'refused', whatsappCode: expect.any(Number) });
    }
  });

  it('can be marked as forwarded', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('text', { to: ann.phone, text: 'a rumour', forwarded: true });
    expect((await scene.shown(ann, messageId)).forwardingScore).toBe(1);
  });

  it('shows what its first link leads to if that is wanted', async () => {
    const ann = await scene.contact();
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    pages.page('/picture.png', picture, { 'content-type': 'image/png' });
    const html = `<html><head><title>No</title><meta property="og:title" content="Tea &amp; Biscuits">
      <meta content='All about &quot;tea&quot;' property='og:description'><meta property="og:image" content="/picture.png">`;
    const page = pages.page('/tea', html, { 'content-type': 'text/html; charset=utf-8' });
    const moved = pages.page('/moved', '', { location: '/tea' }, 302);
    for (const link of [page, moved]) {
      const text = `See ${link}.`;
      const { messageId } = await scene.send('text', { to: ann.phone, text, linkPreview: true });
      expect(await scene.shown(ann, messageId)).toMatchObject({
        text,
        preview: { url: link, title: 'Tea & Biscuits', description: 'All about "tea"', thumbnail: true },
      });
    }
    const without = await scene.send('text', { to: ann.phone, text: `See ${page}` });
    expect((await scene.shown(ann, without.messageId)).preview).toBeUndefined();
  });

  it('goes without a preview if the page is away, too slow, or inside the network', async () => {
    const ann = await scene.contact();
    const slow = pages.on('/slow', () => {});
    const endless = pages.on('/endless', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    });
    const inside = pages.page('/inside', '', { location: 'http://10.255.255.1/secret' }, 302);
    for (const link of [`${pages.url}/missing`, slow, endless, inside, 'http://10.255.255.1/']) {
      const { messageId } = await scene.send('text', { to: ann.phone, text: `See ${link}`, linkPreview: true });
      const shown = await scene.shown(ann, messageId);
      expect([shown.text, shown.preview]).toEqual([`See ${link}`, undefined]);
    }
  });
});
