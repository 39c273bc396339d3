import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Checks {
  results: { number: string; exists: boolean; jid?: string; lid?: string; error?: string }[];
}

interface Profile {
  status: string;
  privacy: Record<string, string>;
  blocked: string[];
  disappearing: number;
}

interface AppState {
  pushName?: string;
  contacts: { jid: string; name: string }[];
  labels: { id: string; name: string }[];
  chats: Record<string, unknown>[];
  messages: Record<string, unknown>[];
}

describe('requests about people', () => {
  const running = oneFleet();

  /** What the simulator knows: the ground truth. */
  const truth = <T>(path: string) => running.fleet.simulator.call<T>('GET', path);

  /** A paired instance, calls below its path, and a contact. */
  async function withContact() {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact({ name: 'Ann' });
    const call = <T = unknown>(method: string, path: string, body?: unknown) =>
      tenant.call<T>(method, `/v1/instances/${id}${path}`, { body });
    return { fleet, tenant, id, phone: linked.phone, ann, call };
  }

  it('say which numbers are on WhatsApp, whatever their writing, and why one is none', async () => {
    const { call, ann } = await withContact();
    const check = (...numbers: string[]) => call<Checks>('POST', '/contacts/check', { numbers });
    const { results } = await check(`+${ann.phone}`, '+1 415 555 0199', 'Ann 4155550123', ann.phone, '12');
    expect(results).toMatchObject([
      { number: `+${ann.phone}`, exists: true, jid: `${ann.phone}@s.whatsapp.net` },
      { number: '+1 415 555 0199', exists: false },
      { number: 'Ann 4155550123', exists: false, error: expect.stringMatching(/contains letters/) },
      { number: ann.phone, exists: true },
      { number: '12', exists: false, error: expect.stringMatching(/is too short/) },
    ]);
  });

  it('ask for no more unknown numbers than the hourly budget allows, and for known ones without it', async () => {
    const { call, tenant, id, ann } = await withContact();
    await tenant.call('PATCH', `/v1/instances/${id}`, { body: { settings: { checksPerHour: 2 } } });
    await tenant.restart(id);
    await tenant.waitOpen(id);
    const path = `/v1/instances/${id}/contacts/check`;
    const check = (...numbers: string[]) => tenant.request('POST', path, { body: { numbers } });
    expect((await check(ann.phone, '+14155550199')).status).toBe(200);
    const spent = await check('+14155550198');
    expect(spent).toMatchObject({ status: 429, body: { code: 'CHECK_BUDGET_SPENT' } });
    expect((await call<Checks>('POST', '/contacts/check', { numbers: [ann.phone] })).results[0]?.exists).toBe(true);
  });

  it('show what contacts show: about, picture, business', async () => {
    const { call, ann } = await withContact();
    await running.fleet.simulator.call('PATCH', `/accounts/${ann.phone}/profile`, {
      status: 'at sea',
      business: { description: 'Fish', category: 'Food' },
    });
    expect(await call('GET', `/contacts/${ann.phone}/about`)).toMatchObject({ about: 'at sea' });
    expect(await call('GET', `/contacts/${ann.phone}/business`)).toMatchObject({
      isBusiness: true,
      description: 'Fish',
    });
    expect(await call('GET', `/contacts/${ann.phone}/picture`)).toEqual({ url: null });
  });

  it('save and remove contacts', async () => {
    const { call, ann, phone } = await withContact();
    await call('PUT', `/contacts/${ann.phone}`, { name: 'Ann Example' });
    const saved = await truth<AppState>(`/accounts/${phone}/app-state`);
    expect(saved.contacts).toMatchObject([{ jid: `${ann.phone}@s.whatsapp.net`, name: 'Ann Example' }]);
    await call('DELETE', `/contacts/${ann.phone}`);
    expect((await truth<AppState>(`/accounts/${phone}/app-state`)).contacts).toEqual([]);
  });

  it('block, list and unblock', async () => {
    const { call, ann, phone } = await withContact();
    await call('POST', '/messages/text', { to: ann.phone, text: 'so that the LID is known' });
    await eventually(async () => (await running.fleet.simulator.inbox(ann.phone)).entries.length === 1);
    await call('PUT', `/blocklist/${ann.phone}`);
    expect((await truth<Profile>(`/accounts/${phone}/profile`)).blocked).toEqual([`${ann.lid}@lid`]);
    expect(await call('GET', '/blocklist')).toEqual({ jids: [`${ann.lid}@lid`] });
    await call('DELETE', `/blocklist/${ann.phone}`);
    expect(await call('GET', '/blocklist')).toEqual({ jids: [] });
  });

  it('change the own name and about', async () => {
    const { call, phone } = await withContact();
    await call('PUT', '/profile/name', { name: 'Flotilla Shop' });
    await call('PUT', '/profile/about', { about: 'open all day' });
    expect((await truth<AppState>(`/accounts/${phone}/app-state`)).pushName).toBe('Flotilla Shop');
    expect((await truth<Profile>(`/accounts/${phone}/profile`)).status).toBe('open all day');
    expect(await call('GET', '/profile')).toMatchObject({ phone, about: 'open all day', picture: null });
  });

  it('change every privacy setting', async () => {
    const { call, phone } = await withContact();
    const changes = {
      lastSeen: 'none',
      online: 'match_last_seen',
      picture: 'contacts',
      about: 'contacts',
      readReceipts: 'none',
      groupAdd: 'contacts',
      calls: 'known',
      messages: 'contacts',
    };
    await call('PATCH', '/privacy', { ...changes, ephemeralSeconds: 86_400 });
    expect(await call('GET', '/privacy')).toMatchObject(changes);
    expect(await truth<Profile>(`/accounts/${phone}/profile`)).toMatchObject({
      disappearing: 86_400,
      privacy: { last: 'none', online: 'match_last_seen', readreceipts: 'none', calladd: 'known' },
    });
  });

  it('show typing and presence to those who look', async () => {
    const { call, ann, phone } = await withContact();
    const seen = async () =>
      (
        await truth<{ phone: string; online: boolean; chatState?: { state: string } }[]>(
          `/contacts/${ann.phone}/presences`,
        )
      ).find((presence) => presence.phone === phone);
    await call('PUT', '/presence', { presence: 'available' });
    await eventually(async () => (await seen())?.online === true);
    await call('PUT', `/chats/${ann.phone}/presence`, { presence: 'composing' });
    await eventually(async () => (await seen())?.chatState?.state === 'composing');
    await call('PUT', `/chats/${ann.phone}/presence`, { presence: 'recording' });
    await eventually(async () => (await seen())?.chatState?.state === 'recording');
    await call('PUT', '/presence', { presence: 'unavailable' });
    await eventually(async () => (await seen())?.online === false);
  });

  it('keep labels', async () => {
    const { call, ann, phone } = await withContact();
    await call('PUT', '/labels/7', { name: 'Customers', color: 3 });
    await call('PATCH', '/labels/7', { chat: ann.phone, labelled: true });
    const state = await truth<AppState>(`/accounts/${phone}/app-state`);
    expect(state.labels).toMatchObject([{ id: '7', name: 'Customers' }]);
    expect(state.chats).toMatchObject([{ labels: ['7'] }]);
    await call('PATCH', '/labels/7', { chat: ann.phone, labelled: false });
    await call('DELETE', '/labels/7');
    const after = await truth<AppState>(`/accounts/${phone}/app-state`);
    expect([after.labels, after.chats[0]?.labels]).toEqual([[], []]);
  });

  it('archive, pin, mute, mark and clear chats; star and delete messages', async () => {
    const { call, fleet, ann, phone } = await withContact();
    const id = await fleet.simulator.contactSend(ann.phone, phone, 'first');
    const chats = () => call<{ items: { unread: number }[] }>('GET', '/chats');
    await eventually(async () => (await chats()).items[0]?.unread === 1);
    const ofPhone = () => truth<AppState>(`/accounts/${phone}/app-state`);

    await call('PATCH', `/chats/${ann.phone}`, { archived: true, pinned: true, muted: true, unread: true });
    expect((await ofPhone()).chats).toMatchObject([
      { archived: true, pinned: true, mutedUntil: -1, markedUnread: true },
    ]);
    await call('PATCH', `/chats/${ann.phone}`, { archived: false, pinned: false, muted: false, unread: false });
    expect((await ofPhone()).chats).toMatchObject([
      { archived: false, pinned: false, mutedUntil: null, markedUnread: false },
    ]);

    await call('PUT', `/messages/${id}/star`, { starred: true });
    expect((await ofPhone()).messages).toMatchObject([{ id, starred: true }]);
    expect(await call('GET', `/messages/${id}`)).toMatchObject({ message: { starred: true } });
    expect(await call('GET', `/messages/${id}/raw`)).toMatchObject({ key: { id, fromMe: false } });
    await call('POST', `/messages/${id}/delete-for-me`, {});
    expect((await ofPhone()).messages).toMatchObject([{ id, deletedForMe: true }]);
  });

  it('mark messages as read', async () => {
    const { call, fleet, ann, phone } = await withContact();
    await fleet.simulator.contactSendAll(ann.phone, phone, ['one', 'two', 'three']);
    const chats = () => call<{ items: { unread: number }[] }>('GET', '/chats');
    await eventually(async () => (await chats()).items[0]?.unread === 3);
    expect(await call('POST', `/chats/${ann.phone}/read`)).toEqual({ read: 3 });
    expect((await chats()).items[0]?.unread).toBe(0);
    expect(await call('POST', `/chats/${ann.phone}/read`, {})).toEqual({ read: 0 });
  });

  it('need an open connection, and say so', async () => {
    const { tenant, id } = await withContact();
    await tenant.call('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed');
    const answer = await tenant.request('GET', `/v1/instances/${id}/profile`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'INSTANCE_NOT_CONNECTED' } });
  });
});
