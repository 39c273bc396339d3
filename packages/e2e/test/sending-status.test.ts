import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type Samples } from './samples.ts';
import { sendingScene } from './sending-scene.ts';

describe('a status update', () => {
  const scene = sendingScene();
  let pages: PageServer;
  let samples: Samples;
  beforeAll(async () => {
    [pages, samples] = await Promise.all([startPages(), makeSamples()]);
  });
  afterAll(async () => {
    await Promise.all([pages?.close(), samples?.remove()]);
  });

  it('of text has its colour and font, and is shown to its audience alone', async () => {
    const [ann, ben, cleo] = [await scene.contact(), await scene.contact(), await scene.contact()];
    const { messageId, to } = await scene.send('status', {
      text: 'Good morning',
      backgroundColor: '#336699',
      font: 2,
      audience: [`+${ann.phone}`, `${ben.lid}@lid`],
    });
    expect(to).toBe('status@broadcast');
    for (const contact of [ann, ben]) {
      const shown = await scene.shown(contact, messageId);
      expect(shown).toMatchObject({ chat: 'status@broadcast', text: 'Good morning', type: 'extendedTextMessage' });
      expect(shown.message.extendedTextMessage).toMatchObject({ backgroundArgb: 0xff336699 });
    }
    // When something later has arrived, this would have too.
    const later = await scene.send('text', { to: cleo.phone, text: 'later' });
    await scene.shown(cleo, later.messageId);
    expect((await scene.inbox(cleo)).map(({ id }) => id)).toEqual([later.messageId]);
  });

  it('can be a picture, a video or a voice message', async () => {
    const ann = await scene.contact();
    const audience = [ann.phone];
    for (const [type, name, field] of [
      ['image', 'picture.jpg', 'imageMessage'],
      ['video', 'film.mp4', 'videoMessage'],
      ['voice', 'tone.mp3', 'audioMessage'],
    ] as const) {
      const url = pages.page(`/${name}`, samples.bytes(name));
      const body = { type, media: { url }, audience, caption: 'Now', backgroundColor: '#102030' };
      const { messageId } = await scene.send('status', body);
      const shown = await scene.shown(ann, messageId, ({ media }) => media?.state === 'verified');
      expect(shown.type).toBe(field);
      if (type === 'voice') {
        expect(shown.message.audioMessage).toMatchObject({ backgroundArgb: 0xff102030, ptt: true });
      } else expect(shown.text).toBe('Now');
    }
  });

  it('without what it needs is refused', async () => {
    const ann = await scene.contact();
    for (const body of [{}, { type: 'image' }, { type: 'text' }])
      expect((await scene.refused('status', { ...body, audience: [ann.phone] })).error?.code).toBe('invalid-content');
  });
});
