import { describe, expect, it } from 'vitest';
import { chatChange, chatView } from './chat-view.ts';
import { contactNews, contactView } from './contact-view.ts';
import { groupChange } from './group-change.ts';

const id = '200@s.whatsapp.net';

describe('chats', () => {
  it.each([
    [{ archived: true }, { archived: true }],
    [{ pinned: 1_700_000_000 }, { pinnedAt: 1_700_000_000_000 }],
    [{ pinned: 1_700_000_000_000 }, { pinnedAt: 1_700_000_000_000 }],
    [{ pinned: null }, { pinnedAt: 0 }],
    [{ muteEndTime: -1 }, { mutedUntil: -1 }],
    [{ muteEndTime: null }, { mutedUntil: 0 }],
    [{ unreadCount: -1 }, { unread: -1 }],
    [{ name: 'Club' }, { name: 'Club' }],
  ])('%j', (update, shown) => {
    expect(chatChange({ id, ...update })).toEqual({ jid: id, ...shown });
    expect(chatView({ id, ...update })).toMatchObject(shown);
  });

  it('say nothing that a message has said already', () => {
    expect(chatChange({ id, unreadCount: 1, conversationTimestamp: 5, messages: [] })).toBeUndefined();
    expect(chatChange({ id, ephemeralExpiration: 86_400 })).toBeUndefined();
    expect(chatChange({ id: '1@g.us', ephemeralExpiration: 86_400 })).toEqual({
      jid: '1@g.us',
      ephemeralSeconds: 86_400,
    });
    expect(chatChange({ id, conversationTimestamp: 5, archived: false })).toEqual({ jid: id, archived: false });
  });
});

describe('contacts', () => {
  it('have both addresses, wherever Baileys puts them', () => {
    expect(contactView({ id: '200:4@s.whatsapp.net', lid: '8@lid', notify: 'Ann' })).toEqual({
      jid: id,
      phone: '200',
      lid: '8@lid',
      pushName: 'Ann',
    });
    expect(contactView({ id: '8@lid', phoneNumber: id })).toEqual({ jid: '8@lid', phone: '200', lid: '8@lid' });
    expect(contactView({ id: '1@g.us', imgUrl: 'changed' })).toBeUndefined();
  });

  it('are news if something is', () => {
    const known = { phone: '200', pushName: 'Ann' };
    expect(contactNews({ jid: id, phone: '200', pushName: 'Ann' }, known)).toBeUndefined();
    expect(contactNews({ jid: id, pushName: 'Anne' }, known)).toBeDefined();
    expect(contactNews({ jid: id, picture: 'changed' }, known)).toBeDefined();
  });
});

describe('groups', () => {
  it.each([
    [{ subject: 'x' }, { group: { jid: '1@g.us', subject: 'x' } }],
    [{ desc: undefined }, { group: { jid: '1@g.us', description: '' } }],
    [{ announce: true }, { group: { jid: '1@g.us', announcement: true } }],
    [{ restrict: false }, { group: { jid: '1@g.us', locked: false } }],
    [{ memberAddMode: true }, { group: { jid: '1@g.us', membersAdd: true } }],
    [{ joinApprovalMode: true }, { group: { jid: '1@g.us', joinApproval: true } }],
    [{ inviteCode: 'abc' }, { group: { jid: '1@g.us' }, inviteCode: 'abc' }],
  ])('%j', (update, change) => {
    expect(groupChange({ id: '1@g.us', author: '8:1@lid', authorPn: id, ...update })).toEqual({
      ...change,
      by: { jid: '8@lid', phone: '200', lid: '8@lid' },
    });
  });

  it('that say nothing new are none', () => {
    expect(groupChange({ id: '1@g.us', author: '8@lid' })).toBeUndefined();
  });
});
