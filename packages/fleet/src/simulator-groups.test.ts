import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { SimulatorClient } from './simulator-client.ts';

const [ann, bob, eve] = ['5511900000001', '5511900000002', '5511900000003'];

let app: App;
let simulator: SimulatorClient;
beforeAll(async () => {
  app = await startApp('simulator', { LOG_LEVEL: 'warn' });
  simulator = new SimulatorClient(app.url);
  for (const phone of [ann, bob, eve]) await simulator.createContact({ phone });
}, 90_000);
afterAll(async () => {
  await app.stop();
});

const rolesIn = async (group: string) =>
  Object.fromEntries((await simulator.groups.get(group)).members.map(({ phone, role }) => [phone, role]));

it('makes a group, changes it, and contacts write to it', { timeout: 30_000 }, async () => {
  const { groups } = simulator;
  const created = await groups.create({ by: ann, subject: 'Team', members: [bob, '5511911111111'], locked: true });
  const { id } = created;
  expect(created.outcomes).toEqual([
    { phone: bob, status: 200 },
    { phone: '5511911111111', status: 404 },
  ]);
  expect((await groups.list()).map((group) => group.id)).toEqual([id]);
  await expect(groups.change(id, bob, { subject: 'Crew' })).rejects.toMatchObject({
    status: 403,
    code: 'GROUP_REFUSED',
  });
  expect(await groups.change(id, ann, { subject: 'Crew', description: 'who we are', locked: false })).toMatchObject({
    subject: 'Crew',
    description: 'who we are',
    locked: false,
  });
  expect(await groups.participants(id, ann, 'promote', [bob])).toEqual([{ phone: bob, status: 200 }]);
  expect(await rolesIn(id)).toEqual({ [ann]: 'superadmin', [bob]: 'admin' });

  const messageId = await simulator.contactSend(ann, id, 'hello all');
  expect((await simulator.inbox(bob)).entries).toMatchObject([
    { id: messageId, chat: id, from: ann, text: 'hello all' },
  ]);
  await groups.chatState(id, ann, 'composing');
  await groups.forgetSenderKeys(bob, id);
});

it('lets people in by link and by invitation, and out', { timeout: 30_000 }, async () => {
  const { groups } = simulator;
  const { id, inviteCode } = await groups.create({ by: ann, subject: 'Club', members: [], membershipApproval: true });
  for (const by of [bob, eve]) expect(await groups.join(inviteCode, by)).toEqual({ id, waits: true });
  await groups.withdraw(id, eve);
  expect(await groups.decide(id, ann, 'approve', [bob, eve])).toEqual([
    { phone: bob, status: 200 },
    { phone: eve, status: 404 },
  ]);
  const code = await groups.revokeInvite(id, ann);
  await expect(groups.join(inviteCode, eve)).rejects.toMatchObject({ status: 410 });
  await simulator.call('PATCH', `/accounts/${eve}/profile`, { privacy: { groupadd: 'none' } });
  const [outcome] = await groups.participants(id, ann, 'add', [eve]);
  expect(outcome).toEqual({ phone: eve, status: 403, invitation: expect.any(String) });
  await groups.accept(id, eve, outcome?.invitation ?? '');
  await groups.leave(id, bob);
  expect(await rolesIn(id)).toEqual({ [ann]: 'superadmin', [eve]: 'member' });
  expect((await groups.get(id)).inviteCode).toBe(code);
});
