import type { Group } from '@flotilla/contracts';
import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Outcomes {
  participants: { jid: string; ok: boolean; code?: number; inviteCode?: string; inviteExpiresAt?: number }[];
}

describe('groups', () => {
  const running = oneFleet();
  const groupOf = (id: string) => (path: string) => `/v1/instances/${id}/groups${path}`;

  /** An instance with a group of its own, whose other members are contacts. */
  async function newGroup() {
    const { fleet, tenant } = running;
    const owner = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact({ name: 'Ann' });
    const ben = await fleet.simulator.createContact({ name: 'Ben' });
    const at = groupOf(owner.id);
    const group = await tenant.call<Group>('POST', at(''), {
      body: { subject: 'Team', participants: [`+${ann.phone}`, ben.phone], description: 'What we do' },
    });
    return { tenant, owner, ann, ben, at, group, read: () => tenant.call<Group>('GET', at(`/${group.jid}`)) };
  }

  it('are created with their members, listed and shown', async () => {
    const { tenant, owner, ann, ben, at, group, read } = await newGroup();
    expect(group).toMatchObject({ subject: 'Team', description: 'What we do' });
    const shown = await read();
    expect(shown).toMatchObject({ subject: 'Team', description: 'What we do', announcement: false, locked: false });
    expect(shown.participants.map(({ phone, role }) => [phone, role]).sort()).toEqual(
      [
        [owner.linked.phone, 'superadmin'],
        [ann.phone, 'member'],
        [ben.phone, 'member'],
      ].sort(),
    );
    const { items } = await tenant.call<{ items: Group[] }>('GET', at(''));
    expect(items.map(({ jid }) => jid)).toEqual([group.jid]);
    expect(items[0]?.participants).toHaveLength(3);
    const { items: brief } = await tenant.call<{ items: Group[] }>('GET', at('?participants=false'));
    expect(brief[0]).toMatchObject({ size: 3, participants: [] });
  });

  it('change subject, description and every setting', async () => {
    const { tenant, at, group, read } = await newGroup();
    const changes = {
      subject: 'Crew',
      description: 'Something else',
      announcement: true,
      locked: true,
      ephemeralSeconds: 86_400,
      membersAdd: true,
      joinApproval: true,
    };
    await tenant.call('PATCH', at(`/${group.jid}`), { body: changes });
    expect(await read()).toMatchObject(changes);
    const back = { description: '', announcement: false, locked: false, membersAdd: false, joinApproval: false };
    await tenant.call('PATCH', at(`/${group.jid}`), { body: { ...back, ephemeralSeconds: 0 } });
    const shown = await read();
    const { description: _, ...settings } = back;
    expect(shown).toMatchObject(settings);
    expect([shown.description, shown.ephemeralSeconds]).toEqual([undefined, undefined]);
  });

  it('get members, make them admins and lose them, with what became of each', async () => {
    const { tenant, ann, ben, at, group, read } = await newGroup();
    const { fleet } = running;
    const eve = await fleet.simulator.createContact({ name: 'Eve' });
    const act = (action: string, ...participants: string[]) =>
      tenant.call<Outcomes>('POST', at(`/${group.jid}/participants`), { body: { action, participants } });
    const roles = async () => new Map((await read()).participants.map(({ phone, role }) => [phone, role]));

    const added = await act('add', eve.phone, ann.phone);
    expect(added.participants.map(({ ok, code }) => [ok, code])).toEqual([
      [true, undefined],
      [false, 409],
    ]);
    await act('promote', ben.phone);
    expect((await roles()).get(ben.phone)).toBe('admin');
    await act('demote', ben.phone);
    await act('remove', eve.phone);
    const left = await roles();
    expect(left.get(ben.phone)).toBe('member');
    expect(left.has(eve.phone)).toBe(false);
  });

  it('invite in person whom they may not add', async () => {
    const { tenant, owner, at, group } = await newGroup();
    const { fleet } = running;
    const shy = await fleet.simulator.createContact({ name: 'Shy' });
    await fleet.simulator.call('PATCH', `/accounts/${shy.phone}/profile`, { privacy: { groupadd: 'none' } });
    const answer = await tenant.call<Outcomes>('POST', at(`/${group.jid}/participants`), {
      body: { action: 'add', participants: [shy.phone] },
    });
    const [outcome] = answer.participants;
    expect(outcome).toMatchObject({ ok: false, code: 403, inviteCode: expect.any(String) });
    expect(outcome?.inviteExpiresAt).toBeGreaterThan(Date.now());
    await tenant.call('POST', `/v1/instances/${owner.id}/messages/group-invite`, {
      body: { to: shy.phone, group: group.jid, code: outcome?.inviteCode, expiresAt: outcome?.inviteExpiresAt },
    });
    await eventually(async () =>
      JSON.stringify((await fleet.simulator.inbox(shy.phone)).entries).includes(outcome?.inviteCode ?? ''),
    );
  });

  it('are joined by their link, which can be shown first and made useless', async () => {
    const { fleet } = running;
    const { tenant, at, group, read } = await newGroup();
    const guest = await tenant.pairedInstance(fleet.simulator);
    const invite = await tenant.call<{ code: string; url: string }>('GET', at(`/${group.jid}/invite`));
    expect(invite.url).toBe(`https://chat.whatsapp.com/${invite.code}`);
    const info = await tenant.call<Group>('GET', `/v1/instances/${guest.id}/group-invites/${invite.code}`);
    expect(info).toMatchObject({ jid: group.jid, subject: 'Team' });
    const joined = await tenant.call('POST', groupOf(guest.id)('/join'), { body: { code: invite.url } });
    expect(joined).toEqual({ group: group.jid });
    expect((await read()).participants.map(({ phone }) => phone)).toContain(guest.linked.phone);

    const fresh = await tenant.call<{ code: string }>('DELETE', at(`/${group.jid}/invite`));
    expect(fresh.code).not.toBe(invite.code);
    const late = await tenant.pairedInstance(fleet.simulator);
    const refused = await tenant.request('POST', groupOf(late.id)('/join'), { body: { code: invite.code } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'REFUSED_BY_WHATSAPP' } });

    await tenant.call('POST', groupOf(guest.id)(`/${group.jid}/leave`));
    await eventually(async () => !(await read()).participants.some(({ phone }) => phone === guest.linked.phone));
  });

  it('let their admins approve who joins', async () => {
    const { fleet } = running;
    const { tenant, at, group, read } = await newGroup();
    await tenant.call('PATCH', at(`/${group.jid}`), { body: { joinApproval: true } });
    const { code } = await tenant.call<{ code: string }>('GET', at(`/${group.jid}/invite`));
    const guest = await tenant.pairedInstance(fleet.simulator);
    await tenant.call('POST', groupOf(guest.id)('/join'), { body: { code } });
    const requests = () => tenant.call<{ items: { jid: string }[] }>('GET', at(`/${group.jid}/join-requests`));
    const { items } = await requests();
    expect(items).toHaveLength(1);
    const answer = await tenant.call<Outcomes>('POST', at(`/${group.jid}/join-requests`), {
      body: { action: 'approve', participants: [items[0]?.jid] },
    });
    expect(answer.participants).toMatchObject([{ ok: true }]);
    expect((await read()).participants.map(({ phone }) => phone)).toContain(guest.linked.phone);
    expect((await requests()).items).toEqual([]);
  });

  it('that are none, or not ours, are refused with the reason', async () => {
    const { tenant, at } = await newGroup();
    const missing = await tenant.request('GET', at('/120363999999999999@g.us'));
    expect(missing).toMatchObject({ status: 422, body: { code: 'REFUSED_BY_WHATSAPP' } });
    const wrong = await tenant.request('GET', at('/14155550123@s.whatsapp.net'));
    expect(wrong).toMatchObject({ status: 400, body: { message: expect.stringMatching(/^group: is not the JID/) } });
  });

  it('are created once for each idempotency key', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    const create = (subject: string) =>
      tenant.request<Group>('POST', groupOf(id)(''), {
        body: { subject, participants: [ann.phone] },
        headers: { 'idempotency-key': 'our-group' },
      });
    const [first, second] = [await create('Once'), await create('Once')];
    expect(second.body.jid).toBe(first.body.jid);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await create('Other')).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const { items } = await tenant.call<{ items: Group[] }>('GET', groupOf(id)(''));
    expect(items).toHaveLength(1);
  });
});
