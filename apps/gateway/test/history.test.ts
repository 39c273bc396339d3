import { instanceKeys } from '@flotilla/contracts';
import { describe, expect } from 'vitest';
import { asWorker, gatewayTest, newTenant } from './gateway.ts';
import { ann, ownHistory, textFromAnn } from './history.ts';

const now = Date.now();
const group = '120363023456789012@g.us';

const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

describe('messages', () => {
  gatewayTest('are listed page by page, the newest first', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    for (let n = 0; n < 5; n += 1) await write(history.append({ message: textFromAnn(`m${n}`, now + n) }));
    const path = `/v1/instances/${instance}/messages`;
    const first = await send('GET', `${path}?limit=2`);
    expect(first.status).toBe(200);
    expect(first.body.items).toEqual([
      { ...textFromAnn('m4', now + 4), direction: 'in' },
      { ...textFromAnn('m3', now + 3), direction: 'in' },
    ]);
    const second = await send('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`);
    expect(idsOf(second.body)).toEqual(['m2', 'm1']);
    const last = await send('GET', `${path}?limit=2&cursor=${second.body.nextCursor}`);
    expect(last.body).toEqual({ items: [expect.objectContaining({ id: 'm0' })] });
  });

  gatewayTest('are listed by chat, direction, kind, status and time', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    const out = { fromMe: true, sender: { jid: '14155550100@s.whatsapp.net' } };
    await write(history.append({ message: textFromAnn('old', now - 9) }));
    await write(history.append({ message: textFromAnn('by-lid', now - 8, { chat: ann.lid }) }));
    await write(history.append({ message: textFromAnn('group', now - 7, { chat: group, kind: 'poll' }) }));
    await write(history.append({ message: textFromAnn('sent', now - 6, out), statuses: { at: { acked: now } } }));
    await write(await history.setStatus({ id: 'sent', chats: [ann.jid] }, { status: 'read', at: now + 1 }));
    for (const [query, ids] of [
      ['', ['sent', 'group', 'by-lid', 'old']],
      ['chat=%2B1 415 555 0101', ['sent', 'by-lid', 'old']],
      [`chat=${ann.jid}`, ['sent', 'by-lid', 'old']],
      [`chat=${ann.lid}`, ['sent', 'by-lid', 'old']],
      [`chat=${group}`, ['group']],
      ['chat=status@broadcast', []],
      ['direction=out', ['sent']],
      ['direction=in&kind=text', ['by-lid', 'old']],
      ['status=read', ['sent']],
      ['status=acked', []],
      [`before=${now - 7}`, ['by-lid', 'old']],
      [`after=${now - 8}&before=${now - 6}`, ['group']],
    ] as const) {
      const { status, body } = await send('GET', `/v1/instances/${instance}/messages?${query}`);
      expect([query, status, idsOf(body)]).toEqual([query, 200, ids]);
    }
    const ofChat = await send('GET', `/v1/instances/${instance}/chats/${ann.lid}/messages?direction=in&limit=1`);
    expect(idsOf(ofChat.body)).toEqual(['by-lid']);
    expect(ofChat.body.nextCursor).toBeDefined();
  });

  gatewayTest('are refused with the field that is wrong', async ({ send, instance }) => {
    const path = `/v1/instances/${instance}`;
    for (const [query, field] of [
      ['messages?limit=201', /^query\/limit: must be 200 or less/],
      ['messages?direction=up', /^query\/direction: must be one of in, out/],
      ['messages?kind=smoke', /^query\/kind: /],
      ['messages?before=yesterday', /^query\/before: /],
      ['messages?chat=bob', /^query\/chat: contains letters/],
      ['messages?chat=1@example.com', /^query\/chat: /],
      ['messages?colour=red', /^query\/colour: is not a known field/],
      ['messages?cursor=x', /^cursor: /],
      ['chats?cursor=x', /^cursor: /],
      ['chats?archived=perhaps', /^query\/archived: /],
      ['chats/bob', /^path\/chat: contains letters/],
      ['chats/bob/messages', /^path\/chat: contains letters/],
      ['contacts?search=', /^query\/search: /],
      ['contacts/12', /^path\/contact: /],
      ['lid-mappings/bob', /^path\/address: /],
    ] as const) {
      const { status, body } = await send('GET', `${path}/${query}`);
      expect([query, status]).toEqual([query, 400]);
      expect(body.message).toMatch(field);
    }
    for (const [body, field] of [
      [{ lid: '77001@lid' }, /^body\/phone: is missing/],
      [{ lid: '77001@lid', phone: 'bob' }, /^body\/phone: contains letters/],
      [{ lid: ann.jid, phone: ann.phone }, /^body\/lid: is not a LID/],
    ] as const)
      expect((await send('POST', `${path}/lid-mappings`, body)).body).toMatchObject({
        statusCode: 400,
        message: expect.stringMatching(field),
      });
  });

  gatewayTest(
    'that were sent have their statuses, also when the journal has expired',
    async ({ send, instance, redis }) => {
      await asWorker(redis, instance, { paired: true });
      const { history, write } = await ownHistory(redis, instance);
      const sent = (await send('POST', `/v1/instances/${instance}/messages/text`, { to: ann.phone, text: 'Hello' }))
        .body;
      const path = `/v1/instances/${instance}/messages/${sent.messageId}`;
      const queued = (await send('GET', path)).body;
      expect(queued).toMatchObject({ status: 'queued', command: 'send.text' });
      const at = queued.history[0].at;
      const message = textFromAnn(sent.messageId, at + 1, { fromMe: true });
      await write(history.append({ message, statuses: { at: { queued: at, sending: at + 1 } } }));
      const target = { id: sent.messageId, chats: [ann.jid] };
      await write(await history.setStatus(target, { status: 'acked', at: at + 2 }));
      const steps = [
        { status: 'queued', at },
        { status: 'sending', at: at + 1 },
        { status: 'acked', at: at + 2 },
      ];
      expect((await send('GET', path)).body).toMatchObject({
        command: 'send.text',
        message: { direction: 'out', status: 'acked', history: steps },
      });
      await redis.del(instanceKeys.journal(instance, sent.messageId));
      expect((await send('GET', path)).body).toEqual({
        messageId: sent.messageId,
        instance,
        to: ann.jid,
        status: 'acked',
        history: steps,
        message: { ...message, direction: 'out', status: 'acked', history: steps },
      });
    },
  );

  gatewayTest('are dropped from the history, one, by chat and time, or all', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    for (let n = 0; n < 6; n += 1) {
      const chat = n % 2 === 0 ? ann.jid : group;
      await write(history.append({ message: textFromAnn(`m${n}`, now + n, { chat }) }));
    }
    const target = { id: 'm0', chats: [ann.jid] };
    await write(history.setReaction(target, { sender: { jid: ann.jid }, emoji: '👍', at: now }));
    const path = `/v1/instances/${instance}/messages`;
    expect((await send('DELETE', `${path}/m0`)).status).toBe(204);
    expect((await send('DELETE', `${path}/m0`)).body.code).toBe('MESSAGE_NOT_FOUND');
    expect((await send('GET', `${path}/m0`)).body.code).toBe('MESSAGE_NOT_FOUND');
    // What is said about it afterwards leaves nothing behind.
    await write(history.setReaction(target, { sender: { jid: ann.jid }, emoji: '👍', at: now }));
    expect(await redis.exists(instanceKeys.historyResponses(instance, 'm0'))).toBe(0);

    expect((await send('DELETE', `${path}?chat=${group}&before=${now + 4}`)).body).toEqual({ messages: 2 });
    expect(idsOf((await send('GET', path)).body)).toEqual(['m5', 'm4', 'm2']);
    expect((await send('DELETE', path)).body).toEqual({ messages: 3 });
    expect((await send('GET', path)).body).toEqual({ items: [] });
    for (const key of [instanceKeys.history(instance), instanceKeys.historyTimes(instance)])
      expect(await redis.exists(key)).toBe(0);
  });
});

describe('chats', () => {
  gatewayTest('are listed by their last message, filtered and searched', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    await write(history.append({ message: textFromAnn('m1', now - 5) }));
    await write(history.append({ message: textFromAnn('m2', now - 3, { chat: group }) }));
    await write(history.updateContacts([{ jid: ann.jid, name: 'Ann Smith', pushName: 'ann' }]));
    await write(
      history.updateChats([
        { jid: group, name: 'Crew', archived: true, unread: 0, isGroup: true },
        { jid: '15550001111@s.whatsapp.net', name: 'Zoe', unread: -1, pinnedAt: 5, mutedUntil: -1 },
      ]),
    );
    const path = `/v1/instances/${instance}/chats`;
    expect((await send('GET', path)).body).toEqual({
      items: [
        {
          jid: group,
          name: 'Crew',
          isGroup: true,
          unread: 0,
          archived: true,
          lastMessageAt: now - 3,
          lastMessage: textFromAnn('m2', now - 3, { chat: group }),
        },
        {
          jid: ann.jid,
          name: 'Ann Smith',
          phone: ann.phone,
          lid: ann.lid,
          isGroup: false,
          unread: 1,
          archived: false,
          lastMessageAt: now - 5,
          lastMessage: textFromAnn('m1', now - 5),
        },
        {
          jid: '15550001111@s.whatsapp.net',
          name: 'Zoe',
          phone: '15550001111',
          isGroup: false,
          unread: -1,
          archived: false,
          pinnedAt: 5,
          mutedUntil: -1,
        },
      ],
    });
    const jids = async (query: string) =>
      (await send('GET', `${path}?${query}`)).body.items.map(({ jid }: { jid: string }) => jid);
    expect(await jids('archived=true')).toEqual([group]);
    expect(await jids('archived=false&limit=1')).toEqual([ann.jid]);
    expect(await jids('unread=true')).toEqual([ann.jid, '15550001111@s.whatsapp.net']);
    expect(await jids('unread=false')).toEqual([group]);
    expect(await jids('search=SMITH')).toEqual([ann.jid]);
    expect(await jids('search=0101')).toEqual([ann.jid]);
    const first = (await send('GET', `${path}?limit=2`)).body;
    expect(await jids(`limit=2&cursor=${first.nextCursor}`)).toEqual(['15550001111@s.whatsapp.net']);
    expect((await send('GET', `${path}/${ann.lid}`)).body).toMatchObject({ jid: ann.jid, unread: 1 });
    expect((await send('GET', `${path}/+15550002222`)).body).toMatchObject({
      code: 'CHAT_NOT_FOUND',
      message: 'Chat 15550002222@s.whatsapp.net not found',
    });
  });

  gatewayTest('of one person under two addresses are one', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    await write(history.updateChats([{ jid: ann.jid, name: 'Ann', archived: true, lastMessageAt: now - 9 }]));
    await write(history.append({ message: textFromAnn('m1', now - 5, { chat: ann.lid }) }));
    await write(history.append({ message: textFromAnn('m2', now - 3) }));
    const chat = { name: 'Ann', phone: ann.phone, lid: ann.lid, unread: 2, archived: true };
    const path = `/v1/instances/${instance}/chats`;
    expect((await send('GET', path)).body.items).toMatchObject([{ jid: ann.jid, ...chat, lastMessage: { id: 'm2' } }]);
    await write(history.append({ message: textFromAnn('m3', now, { chat: ann.lid }) }));
    expect((await send('GET', path)).body.items).toMatchObject([
      { jid: ann.lid, ...chat, unread: 3, lastMessage: { id: 'm3' } },
    ]);
    for (const name of [ann.phone, ann.jid, ann.lid])
      expect((await send('GET', `${path}/${name}`)).body).toMatchObject({ jid: ann.lid, unread: 3 });
    // Read under one address, whichever the messages came under.
    await write(history.updateChats([{ jid: ann.jid, unread: 0 }]));
    expect((await send('GET', `${path}/${ann.phone}`)).body.unread).toBe(0);
    await write(history.append({ message: textFromAnn('m4', Date.now() + 2_000, { chat: ann.lid }) }));
    expect((await send('GET', `${path}/${ann.phone}`)).body.unread).toBe(1);
  });
});

describe('contacts and mappings', () => {
  gatewayTest('are listed, searched and shown', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    await write(history.observeLid(ann.lid, ann.phone));
    await write(history.updateContacts([{ jid: ann.jid, name: 'Ann Smith' }]));
    await write(history.updateContacts([{ jid: '77002@lid', pushName: 'Ben' }]));
    await write(history.updateContacts([{ jid: ann.jid, pushName: 'annie', picture: 'changed' }]));
    const path = `/v1/instances/${instance}/contacts`;
    const shown = { ...ann, name: 'Ann Smith', pushName: 'annie', picture: 'changed' };
    const { items } = (await send('GET', path)).body;
    expect(items).toHaveLength(2);
    expect(items).toContainEqual(shown);
    expect(items).toContainEqual({ jid: '77002@lid', lid: '77002@lid', pushName: 'Ben' });
    expect((await send('GET', `${path}?search=ANNIE`)).body.items).toEqual([shown]);
    for (const name of ['+1 (415) 555-0101', ann.lid])
      expect((await send('GET', `${path}/${encodeURIComponent(name)}`)).body).toEqual(shown);
    expect((await send('GET', `${path}/77003@lid`)).body.code).toBe('CONTACT_NOT_FOUND');
    const page = (await send('GET', `${path}?limit=1`)).body;
    expect((await send('GET', `${path}?limit=1&cursor=${page.nextCursor}`)).body.items).toHaveLength(1);
  });

  gatewayTest('what was observed beats what was added, and both are shown', async ({ send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    const path = `/v1/instances/${instance}/lid-mappings`;
    const added = await send('POST', path, { lid: ann.lid, phone: '+1 415 555 0109' });
    expect(added).toMatchObject({
      status: 201,
      body: { lid: ann.lid, phone: '14155550109', source: 'manual', at: expect.any(Number) },
    });
    expect((await send('GET', `${path}/14155550109`)).body).toEqual(added.body);
    await write(history.observeLid('77001:5@lid', ann.phone, now));
    const both = {
      lid: ann.lid,
      phone: ann.phone,
      source: 'observed',
      at: now,
      other: { phone: '14155550109', source: 'manual', at: added.body.at },
    };
    expect((await send('GET', `${path}/${ann.lid}`)).body).toEqual(both);
    expect((await send('GET', `${path}/${ann.phone}`)).body).toEqual(both);
    expect((await send('GET', `${path}/14155550109`)).body).toMatchObject({ code: 'LID_MAPPING_NOT_FOUND' });
    expect((await send('GET', path)).body).toEqual({ items: [both] });
    await send('POST', path, { lid: ann.lid, phone: ann.phone });
    expect((await send('GET', `${path}/${ann.lid}`)).body.other).toBeUndefined();
  });
});

describe('metrics', () => {
  gatewayTest('count messages of an instance, and of all of a tenant', async ({ app, send, instance, redis }) => {
    const { history, write } = await ownHistory(redis, instance);
    const sent = textFromAnn('out', now, { fromMe: true });
    await write(history.append({ message: textFromAnn('yesterday', now - 30 * 3_600_000, { kind: 'image' }) }));
    await write(history.append({ message: textFromAnn('in', now - 5) }));
    await write(history.append({ message: textFromAnn('in', now - 5) }));
    await write(history.append({ message: sent, statuses: { at: { sending: now } } }));
    const target = { id: 'out', chats: [ann.jid] };
    await write(await history.setStatus(target, { status: 'acked', at: now }));
    await write(await history.setStatus(target, { status: 'read', at: now }));
    for await (const batch of history.appendMany([{ message: textFromAnn('told later', now - 7) }])) await write(batch);
    const { body } = await send('GET', `/v1/instances/${instance}/metrics`);
    const messages = {
      in: { total: 2, kinds: { text: 1, image: 1 } },
      out: { total: 1, kinds: { text: 1 } },
      statuses: { acked: 1, read: 1 },
      last24Hours: { in: 1, out: 1, hours: expect.any(Array) },
      latest: { in: now - 5, out: now },
    };
    expect(body).toEqual({ instance, state: 'new', stored: { messages: 4, chats: 1, contacts: 0 }, messages });
    expect(body.messages.last24Hours.hours).toHaveLength(24);

    const other = (await send('POST', '/v1/instances', { name: 'Sales' })).body.id;
    const sales = await ownHistory(redis, other);
    await sales.write(sales.history.append({ message: textFromAnn('in', now + 5) }));
    expect((await send('GET', '/v1/metrics')).body).toEqual({
      instances: { total: 2, states: { new: 2 } },
      messages: {
        ...messages,
        in: { total: 3, kinds: { text: 2, image: 1 } },
        last24Hours: { in: 2, out: 1, hours: expect.any(Array) },
        latest: { in: now + 5, out: now },
      },
    });
    const stranger = await newTenant(app);
    expect((await stranger.send('GET', '/v1/metrics')).body).toMatchObject({
      instances: { total: 0 },
      messages: { in: { total: 0 } },
    });
  });
});
