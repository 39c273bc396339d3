import { eventually } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type SampleName, type Samples, sha256 } from './samples.ts';
import { type Shown, sendingScene } from './sending-scene.ts';

const types: Record<SampleName, string> = {
  'picture.jpg': 'image/jpeg',
  'picture.png': 'image/png',
  'picture.bmp': 'image/bmp',
  'film.mp4': 'video/mp4',
  'moving.gif': 'image/gif',
  'tone.mp3': 'audio/mpeg',
  'tone.wav': 'audio/wav',
};

describe('a file', () => {
  const scene = sendingScene();
  let pages: PageServer;
  let samples: Samples;
  beforeAll(async () => {
    [pages, samples] = await Promise.all([startPages(), makeSamples()]);
  });
  afterAll(async () => {
    await Promise.all([pages?.close(), samples?.remove()]);
  });

  const urlOf = (name: SampleName) => pages.page(`/${name}`, samples.bytes(name), { 'content-type': types[name] });
  /** Stores a sample, and gives its id. */
  const storedId = async (name: SampleName) => {
    const { id } = await scene.tenant.call<{ id: string }>('POST', '/v1/media', {
      body: { base64: samples.bytes(name).toString('base64'), fileName: name },
    });
    return id;
  };
  const isVerified = ({ media }: Shown) => media?.state === 'verified';
  /** What the contact downloads and decrypts. */
  const bytesOf = async ({ phone }: { phone: string }, id: string) => {
    const response = await fetch(`${scene.fleet.simulator.url}/admin/contacts/${phone}/inbox/${id}/media`);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };

  it('arrives as the picture that it is, from a URL and from the store, in a chat and in a group', async () => {
    const ann = await scene.contact();
    const group = await scene.group(ann);
    for (const [to, media, name] of [
      [ann.phone, { url: urlOf('picture.jpg') }, 'picture.jpg'],
      [`${ann.lid}@lid`, { id: await storedId('picture.png') }, 'picture.png'],
      [group, { id: await storedId('picture.jpg') }, 'picture.jpg'],
    ] as const) {
      const { messageId } = await scene.send('image', {
        to,
        media,
        caption: `Look @${ann.phone}`,
        mentions: [ann.phone],
      });
      const shown = await scene.shown(ann, messageId, isVerified);
      expect(shown).toMatchObject({
        type: 'imageMessage',
        text: `Look @${ann.phone}`,
        mentions: [`${ann.phone}@s.whatsapp.net`],
        viewOnce: false,
        media: { mimetype: types[name], thumbnail: true, size: samples.bytes(name).length },
      });
      expect([shown.media?.width, shown.media?.height]).toEqual(name === 'picture.jpg' ? [320, 240] : [300, 200]);
      expect(sha256(await bytesOf(ann, messageId))).toBe(sha256(samples.bytes(name)));
    }
  });

  it('becomes a JPEG if phones cannot show it as it is', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('image', { to: ann.phone, media: { url: urlOf('picture.bmp') } });
    const { media } = await scene.shown(ann, messageId, isVerified);
    expect(media).toMatchObject({ mimetype: 'image/jpeg', width: 64, height: 48, thumbnail: true });
    expect((await bytesOf(ann, messageId)).subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff));
  });

  it('may come within the request', async () => {
    const ann = await scene.contact();
    const base64 = samples.bytes('picture.png').toString('base64');
    const inline = await scene.send('image', { to: ann.phone, media: { base64 } });
    await scene.shown(ann, inline.messageId, isVerified);
    expect(sha256(await bytesOf(ann, inline.messageId))).toBe(sha256(samples.bytes('picture.png')));
    const form = new FormData();
    form.set('to', ann.phone);
    form.set('caption', 'by form');
    form.set('media', new Blob([new Uint8Array(samples.bytes('picture.jpg'))], { type: 'image/jpeg' }), 'photo.jpg');
    const answer = await fetch(`${scene.fleet.api.url}/v1/instances/${scene.id}/messages/image`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scene.tenant.key}`, prefer: 'wait=20' },
      body: form,
    });
    const { messageId } = (await answer.json()) as { messageId: string };
    expect((await scene.shown(ann, messageId, isVerified)).text).toBe('by form');
    expect(sha256(await bytesOf(ann, messageId))).toBe(sha256(samples.bytes('picture.jpg')));
  });

  it('can be opened once', async () => {
    const ann = await scene.contact();
    for (const [path, media] of [
      ['image', { url: urlOf('picture.jpg') }],
      ['video', { url: urlOf('film.mp4') }],
      ['audio', { url: urlOf('tone.mp3') }],
    ] as const) {
      const { messageId } = await scene.send(path, { to: ann.phone, media, viewOnce: true });
      expect((await scene.shown(ann, messageId, isVerified)).viewOnce).toBe(true);
    }
  });

  it('arrives as a video with its length, and as a round one', async () => {
    const ann = await scene.contact();
    const media = { url: urlOf('film.mp4') };
    const plain = await scene.send('video', { to: ann.phone, media, caption: 'Film' });
    expect(await scene.shown(ann, plain.messageId, isVerified)).toMatchObject({
      type: 'videoMessage',
      text: 'Film',
      media: { seconds: 2, width: 320, height: 240, thumbnail: true, gifPlayback: false, ptv: false },
    });
    expect(sha256(await bytesOf(ann, plain.messageId))).toBe(sha256(samples.bytes('film.mp4')));
    const round = await scene.send('video', { to: ann.phone, media, note: true });
    expect(await scene.shown(ann, round.messageId, isVerified)).toMatchObject({
      type: 'ptvMessage',
      media: { ptv: true, seconds: 2 },
    });
  });

  it('plays like a GIF, whether it is one or a film', async () => {
    const ann = await scene.contact();
    const film = await scene.send('video', { to: ann.phone, media: { url: urlOf('film.mp4') }, gif: true });
    expect((await scene.shown(ann, film.messageId, isVerified)).media).toMatchObject({ gifPlayback: true, seconds: 2 });
    const gif = await scene.send('video', { to: ann.phone, media: { url: urlOf('moving.gif') }, gif: true });
    expect((await scene.shown(ann, gif.messageId, isVerified)).media).toMatchObject({
      gifPlayback: true,
      mimetype: 'video/mp4',
    });
    expect(await samples.probe(await bytesOf(ann, gif.messageId))).toMatchObject({
      codecs: ['h264'],
      format: expect.stringContaining('mp4'),
    });
  });

  it('becomes a voice message with waveform and length, from any sound', async () => {
    const ann = await scene.contact();
    for (const [name, seconds] of [
      ['tone.mp3', 3],
      ['tone.wav', 1],
      ['film.mp4', 2],
    ] as const) {
      const { messageId } = await scene.send('audio', { to: ann.phone, media: { url: urlOf(name) } });
      const { media } = await scene.shown(ann, messageId, isVerified);
      expect(media).toMatchObject({ ptt: true, seconds, mimetype: 'audio/ogg; codecs=opus' });
      expect(media?.waveform).toHaveLength(64);
      expect(Math.max(...(media?.waveform ?? []))).toBe(100);
      expect(await samples.probe(await bytesOf(ann, messageId))).toEqual({
        codecs: ['opus'],
        format: 'ogg',
        channels: 1,
      });
    }
  });

  it('stays the sound that it is if it is to be no voice message', async () => {
    const ann = await scene.contact();
    const { messageId } = await scene.send('audio', { to: ann.phone, media: { url: urlOf('tone.mp3') }, voice: false });
    expect((await scene.shown(ann, messageId, isVerified)).media).toMatchObject({
      ptt: false,
      seconds: 3,
      mimetype: 'audio/mpeg',
    });
    expect(sha256(await bytesOf(ann, messageId))).toBe(sha256(samples.bytes('tone.mp3')));
  });

  it('arrives as a document with its name and type', async () => {
    const ann = await scene.contact();
    const named = await scene.send('document', {
      to: ann.phone,
      media: { id: await storedId('tone.wav') },
      fileName: 'Ton – 1.wav',
      mimeType: 'application/x-special',
      caption: 'For you',
    });
    expect(await scene.shown(ann, named.messageId, isVerified)).toMatchObject({
      text: 'For you',
      media: { kind: 'document', fileName: 'Ton – 1.wav', mimetype: 'application/x-special' },
    });
    expect(sha256(await bytesOf(ann, named.messageId))).toBe(sha256(samples.bytes('tone.wav')));
    const plain = await scene.send('document', { to: ann.phone, media: { url: urlOf('tone.mp3') } });
    expect((await scene.shown(ann, plain.messageId, isVerified)).media).toMatchObject({
      fileName: 'tone.mp3',
      mimetype: 'audio/mpeg',
    });
  });

  it('becomes a sticker, still or moving', async () => {
    const ann = await scene.contact();
    for (const [name, animated] of [
      ['picture.jpg', false],
      ['picture.bmp', false],
      ['moving.gif', true],
    ] as const) {
      const { messageId } = await scene.send('sticker', { to: ann.phone, media: { url: urlOf(name) } });
      const { type, media } = await scene.shown(ann, messageId, isVerified);
      expect(type).toBe('stickerMessage');
      expect(media).toMatchObject({ mimetype: 'image/webp', animated, width: 512, height: 512 });
      expect((await bytesOf(ann, messageId)).subarray(8, 12).toString()).toBe('WEBP');
    }
  });

  it('arrives with others as an album, in order', async () => {
    const ann = await scene.contact();
    const group = await scene.group(ann);
    for (const to of [ann.phone, group]) {
      const { messageId } = await scene.send('album', {
        to,
        items: [
          { type: 'image', media: { url: urlOf('picture.jpg') }, caption: 'one' },
          { type: 'video', media: { url: urlOf('film.mp4') } },
          { type: 'image', media: { url: urlOf('picture.png') }, caption: 'three' },
        ],
      });
      const album = await scene.shown(ann, messageId, ({ parts }) => parts?.length === 3);
      expect(album.message.albumMessage).toMatchObject({ expectedImageCount: 2, expectedVideoCount: 1 });
      const parts = await Promise.all((album.parts ?? []).map((id) => scene.shown(ann, id, isVerified)));
      expect(parts.map(({ type, text, albumId }) => [type, text, albumId])).toEqual([
        ['imageMessage', 'one', messageId],
        ['videoMessage', undefined, messageId],
        ['imageMessage', 'three', messageId],
      ]);
    }
  });

  it('can be forwarded without another upload, and its caption edited', async () => {
    const [ann, ben] = [await scene.contact(), await scene.contact()];
    const { messageId } = await scene.send('image', {
      to: ann.phone,
      media: { url: urlOf('picture.jpg') },
      caption: 'teh',
    });
    await scene.send('edit', { to: ann.phone, message: { id: messageId }, text: 'the' });
    const edited = await scene.shown(ann, messageId, ({ text, edits }) => text === 'the' && edits === 1);
    expect(edited.media?.sha256).toBe(sha256(samples.bytes('picture.jpg')));
    const received = await scene.received(ann, {
      kind: 'image',
      bytes: samples.bytes('picture.png').toString('base64'),
    });
    const uploads = async () =>
      (await scene.fleet.simulator.call<{ uploads: number }>('GET', '/media/statistics')).uploads;
    const before = await uploads();
    for (const [id, name, score] of [
      [messageId, 'picture.jpg', 0],
      [received, 'picture.png', 1],
    ] as const) {
      const forwarded = await scene.send('forward', { to: ben.phone, message: { id } });
      const shown = await scene.shown(ben, forwarded.messageId, isVerified);
      expect(shown.forwardingScore).toBe(score);
      expect(sha256(await bytesOf(ben, forwarded.messageId))).toBe(sha256(samples.bytes(name)));
      if (id === messageId) expect(shown.text).toBe('the');
    }
    expect(await uploads()).toBe(before);
  });

  it('is quoted as what it is', async () => {
    const ann = await scene.contact();
    const id = await scene.received(ann, { kind: 'image', size: 500, caption: 'theirs' });
    const { messageId } = await scene.send('image', {
      to: ann.phone,
      media: { url: urlOf('picture.jpg') },
      quoted: { id },
      expiration: 86_400,
    });
    expect(await scene.shown(ann, messageId, isVerified)).toMatchObject({
      quoted: { id, type: 'imageMessage', text: 'theirs' },
      expiration: 86_400,
    });
  });

  it('that cannot be had is refused, with the reason', async () => {
    const ann = await scene.contact();
    const text = pages.page('/text', 'no picture at all', { 'content-type': 'text/plain' });
    const refused = async (path: string, media: object) =>
      (await scene.refused(path, { to: ann.phone, media })).error?.code;
    expect(await refused('image', { url: `${pages.url}/missing` })).toBe('media-unavailable');
    const moved = pages.page('/moved', '', { location: urlOf('picture.jpg') }, 302);
    expect(await refused('image', { url: moved })).toBe('media-unavailable');
    expect(await refused('image', { url: text })).toBe('unsupported-media');
    expect(await refused('audio', { url: text })).toBe('unsupported-media');
    expect(await refused('sticker', { url: text })).toBe('unsupported-media');
    const large = pages.page('/large', '', { 'content-length': String(2 ** 40) });
    expect(await refused('document', { url: large })).toBe('media-too-large');
    // The lane goes on.
    await scene.send('text', { to: ann.phone, text: 'next' });
  });

  it('that is removed while the message waits is refused', async () => {
    const ann = await scene.contact();
    const { id } = await scene.tenant.createInstance();
    await scene.tenant.pair(id, scene.fleet.simulator);
    await scene.tenant.request('POST', `/v1/instances/${id}/stop`);
    await scene.tenant.waitState(id, 'closed', { reason: 'stopped' });
    const media = { id: await storedId('tone.wav') };
    const { messageId } = await scene.tenant.call<{ messageId: string }>(
      'POST',
      `/v1/instances/${id}/messages/document`,
      {
        body: { to: ann.phone, media },
      },
    );
    await scene.tenant.request('DELETE', `/v1/media/${media.id}`);
    await scene.tenant.connect(id);
    const failed = await scene.tenant.waitMessage(id, messageId, 'failed');
    expect(failed.error?.code).toBe('media-unavailable');
  });

  it('that is one of an album and cannot be had lets nothing of the album be sent', async () => {
    const ann = await scene.contact();
    const failed = await scene.refused('album', {
      to: ann.phone,
      items: [
        { type: 'image', media: { url: urlOf('picture.jpg') } },
        { type: 'image', media: { url: `${pages.url}/missing` } },
      ],
    });
    expect(failed.error?.code).toBe('media-unavailable');
    const later = await scene.send('text', { to: ann.phone, text: 'later' });
    await scene.shown(ann, later.messageId);
    expect(await scene.inbox(ann)).toHaveLength(1);
  });

  it('goes out over the next connection when the upload is cut off', async () => {
    const ann = await scene.contact();
    await scene.fleet.simulator.call('POST', '/faults/media', { mode: 'stall', on: 'upload' });
    const { messageId } = await scene.tenant.call<{ messageId: string }>(
      'POST',
      `/v1/instances/${scene.id}/messages/image`,
      {
        body: { to: ann.phone, media: { url: urlOf('picture.jpg') } },
      },
    );
    await eventually(() => scene.inWork().some((name) => name.endsWith('.encrypted')), {
      message: 'The upload is under way',
    });
    await scene.fleet.simulator.fault('drop', { phone: scene.linked.phone });
    await scene.tenant.waitMessage(scene.id, messageId, 'acked', { timeoutMs: 20_000 });
    expect((await scene.shown(ann, messageId, isVerified)).decryptions).toBe(1);
  });

  it('is tried again when the upload fails, and arrives once', async () => {
    const ann = await scene.contact();
    await scene.fleet.simulator.call('POST', '/faults/media', { mode: 'status', on: 'upload', count: 2 });
    const { messageId } = await scene.send('image', { to: ann.phone, media: { url: urlOf('picture.jpg') } });
    const shown = await scene.shown(ann, messageId, isVerified);
    expect(shown.decryptions).toBe(1);
  });

  it('leaves no temporary file behind', () => {
    expect(scene.inWork()).toEqual([]);
  });
});
