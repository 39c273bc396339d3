import type { Newsletter, Post } from '../newsletters.ts';
import { type BinaryNode, node } from '../wire/node.ts';
import { notImplemented, QueryError, type QueryHandler } from './query.ts';

/** How long clients that opened a newsletter would be told of views and reactions, in seconds. */
const liveSeconds = 300;

/** `newsletter`: posts and what became of them. */
export const answerNewsletter: QueryHandler = ({ network, iq, wanted, action }) => {
  const newsletter = network.newsletters.find(iq.attrs.to ?? wanted?.attrs.jid);
  if (!newsletter) throw new QueryError(404, 'item-not-found');
  const { count = '50', since, after, before } = wanted?.attrs ?? {};
  const range = {
    count: Number(count),
    since: Number(since ?? 0),
    after: Number(after ?? 0),
    before: Number(before ?? Number.MAX_SAFE_INTEGER),
  };
  switch (action) {
    case 'get message_updates':
      return [node('message_updates', {}, [messages(newsletter, range)])];
    case 'get messages':
      return [messages(newsletter, range)];
    case 'set live_updates':
      return [node('live_updates', { duration: liveSeconds })];
    default:
      throw notImplemented();
  }
};

/** The newest posts of a range, oldest first. */
function messages(
  { jid, posts }: Newsletter,
  { count, since, after, before }: { count: number; since: number; after: number; before: number },
): BinaryNode {
  const wanted = posts.filter(({ serverId, at }) => serverId > after && serverId < before && at >= since);
  return node('messages', { jid }, wanted.slice(-count).map(postNode));
}

function postNode({ id, serverId, at, content, views, reactions }: Post): BinaryNode {
  const counts = new Map<string, number>();
  for (const code of reactions.values()) counts.set(code, (counts.get(code) ?? 0) + 1);
  return node('message', { id, server_id: serverId, t: at, type: 'text' }, [
    node('plaintext', {}, content),
    node('views_count', { count: views }),
    node(
      'reactions',
      {},
      [...counts].map(([code, count]) => node('reaction', { code, count })),
    ),
  ]);
}
