import { eventually } from '@flotilla/fleet';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Picture {
  url: string | null;
}

describe('requests with files', () => {
  const running = oneFleet();
  const aPicture = (color: string) =>
    sharp({ create: { width: 300, height: 200, channels: 3, background: color } })
      .png()
      .toBuffer();
  const truth = <T>(path: string) => running.fleet.simulator.call<T>('GET', path);

  it('set and remove the own picture, from base64 and from a form', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const path = `/v1/instances/${id}/profile/picture`;
    const ofPhone = async () =>
      (await truth<{ picture?: { id: string } }>(`/accounts/${linked.phone}/profile`)).picture;

    const base64 = (await aPicture('red')).toString('base64');
    await tenant.call('PUT', path, { body: { media: { base64 } } });
    const first = await ofPhone();
    expect(first).toBeDefined();
    const shown = await tenant.call<Picture>('GET', `/v1/instances/${id}/contacts/${linked.phone}/picture?size=full`);
    expect(shown.url).toMatch(/^https:/);

    const form = new FormData();
    form.set('file', new Blob([await aPicture('blue')], { type: 'image/png' }), 'blue.png');
    const answer = await fetch(`${fleet.api.url}${path}`, {
      method: 'PUT',
      body: form,
      headers: { authorization: `Bearer ${tenant.key}` },
    });
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    expect((await ofPhone())?.id).not.toBe(first?.id);

    await tenant.call('DELETE', path);
    expect(await ofPhone()).toBeUndefined();
  });

  it('set the picture of a group', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    const group = await tenant.call<{ jid: string }>('POST', `/v1/instances/${id}/groups`, {
      body: { subject: 'Painters', participants: [ann.phone] },
    });
    const base64 = (await aPicture('green')).toString('base64');
    const path = `/v1/instances/${id}/groups/${group.jid}/picture`;
    await tenant.call('PUT', path, { body: { media: { base64 } } });
    const shown = await tenant.call<Picture>('GET', `/v1/instances/${id}/contacts/${group.jid}/picture`);
    expect(shown.url).toMatch(/^https:/);
    await tenant.call('DELETE', path);
    expect(await tenant.call('GET', `/v1/instances/${id}/contacts/${group.jid}/picture`)).toEqual({ url: null });
  });

  it('refuse a file that is no picture, with the field', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const base64 = Buffer.from('no picture at all').toString('base64');
    const answer = await tenant.request('PUT', `/v1/instances/${id}/profile/picture`, { body: { media: { base64 } } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION', message: expect.stringMatching(/^media: /) },
    });
    const nothing = await tenant.request('PUT', `/v1/instances/${id}/profile/picture`, { body: { media: {} } });
    expect(nothing).toMatchObject({ status: 400, body: { code: 'VALIDATION' } });
  });

  it('fetch the file of a message again', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    const bytes = await aPicture('white');
    const [messageId] = await fleet.simulator.contacts.send(ann.phone, linked.phone, {
      kind: 'image',
      bytes: bytes.toString('base64'),
      mimetype: 'image/png',
    });
    type View = { message?: { media?: { status: string; id: string } } };
    const stored = () =>
      eventually(async () => {
        const { message } = await tenant.call<View>('GET', `/v1/instances/${id}/messages/${messageId}`);
        return message?.media?.status === 'stored' && message.media;
      });
    const { id: mediaId } = await stored();
    await tenant.call('DELETE', `/v1/media/${mediaId}`);
    expect((await tenant.request('GET', `/v1/media/${mediaId}`)).status).toBe(404);
    const again = await tenant.call('POST', `/v1/instances/${id}/messages/${messageId}/media`);
    expect(again).toMatchObject({ status: 'pending', mimeType: 'image/png' });
    await eventually(async () => (await tenant.request('GET', `/v1/media/${mediaId}`)).status === 200);
  });
});
