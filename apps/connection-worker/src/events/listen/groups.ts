import type { EventData } from '@flotilla/contracts';
import type { GroupMetadata } from '@whiskeysockets/baileys';
import { groupChange, isWholeGroup, joinRequest, participantsChange } from '../group-change.ts';
import { groupView } from '../group-view.ts';
import { userJid } from '../party.ts';
import { isIgnored } from '../policy.ts';
import { event, type ListenContext } from './context.ts';

/** Groups and newsletters. */
export function listenToGroups(context: ListenContext): void {
  const { sock, history, queue, settings } = context;
  const isShown = ({ id }: { id?: string }) => id !== undefined && !isIgnored(id, settings);

  // Being added and creating one is news, whatever was told before.
  sock.ev.on('groups.upsert', (groups) => tellGroups(context, groups.filter(isShown), { always: true }));

  sock.ev.on('groups.update', (updates) => {
    const shown = updates.filter(isShown);
    // After some logins Baileys reads all groups and reports each as updated.
    tellGroups(context, shown.filter(isWholeGroup), { always: false });
    for (const update of shown) {
      const change = isWholeGroup(update) ? undefined : groupChange(update);
      if (!change) continue;
      const { jid, subject } = change.group;
      const chats = jid && subject !== undefined ? [{ jid, name: subject }] : [];
      queue.add(({ write }) => write(history.updateChats(chats), [event('groups.update', change)]));
    }
  });

  sock.ev.on('group-participants.update', (update) => {
    if (!isShown(update)) return;
    queue.add(({ write }) => write([], [event('group-participants.update', participantsChange(update))]));
  });

  sock.ev.on('group.join-request', (request) => {
    if (!isShown(request)) return;
    queue.add(({ write }) => write([], [event('group.join-request', joinRequest(request))]));
  });

  const tellNewsletter = (
    newsletter: string,
    kind: EventData<'newsletter.update'>['kind'],
    details: Record<string, unknown>,
  ) => {
    if (isIgnored(newsletter, settings)) return;
    queue.add(({ write }) => write([], [event('newsletter.update', { newsletter, kind, details })]));
  };
  sock.ev.on('newsletter.reaction', ({ id, server_id, reaction }) =>
    tellNewsletter(id, 'reaction', { messageId: server_id, ...reaction }),
  );
  sock.ev.on('newsletter.view', ({ id, server_id, count }) =>
    tellNewsletter(id, 'view', { messageId: server_id, count }),
  );
  sock.ev.on('newsletter-participants.update', ({ id, author, user, new_role: role, action }) =>
    tellNewsletter(id, 'participants', { by: author, user, role, action }),
  );
  sock.ev.on('newsletter-settings.update', ({ id, update }) => tellNewsletter(id, 'settings', update));
}

/** What of a group has to differ for telling it again. */
const fingerprint = (group: GroupMetadata): [string, unknown] => {
  const { participants, ...view } = groupView(group);
  const members = participants.map(({ jid, role }) => `${jid} ${role}`).sort();
  return [userJid(group.id), { ...view, members }];
};

function tellGroups({ history, queue, told }: ListenContext, groups: GroupMetadata[], { always }: { always: boolean }) {
  if (groups.length === 0) return;
  queue.add(async ({ write, read }) => {
    const news = await read(() => told.news('group', groups, fingerprint));
    const fresh = (always ? groups : news.fresh).map(groupView);
    const changed = (always ? [] : news.changed).map(groupView);
    const chats = [...fresh, ...changed].map(({ jid, subject }) => ({ jid, name: subject, isGroup: true }));
    await write(
      [...history.updateChats(chats), ...news.commands],
      [
        ...(fresh.length > 0 ? [event('groups.upsert', { groups: fresh })] : []),
        ...changed.map((group) => event('groups.update', { group })),
      ],
    );
  });
}
