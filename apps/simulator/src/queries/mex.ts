import type { Account } from '../account.ts';
import type { Network } from '../network.ts';
import type { Newsletter } from '../newsletters.ts';
import { bytes, node } from '../wire/node.ts';
import { QueryError, type QueryHandler } from './query.ts';

/** Who asks what. */
interface Question {
  network: Network;
  account: Account;
  variables: Variables;
}

/** What queries bring with them, each some of it. */
interface Variables {
  newsletter_id?: string;
  user_id?: string;
  input?: { key?: string; type?: string; name?: string; description?: string | null };
  updates?: { name?: string; description?: string; picture?: string };
}

/** Name of the answer's field, and what makes it. Throws {@link QueryError}. */
type Mex = [field: string, answer: (question: Question) => object | Promise<object>];

/** Queries by the number that clients know them by (Baileys' `QueryIds`). */
const queries: Record<string, Mex> = {
  '23983697327930364': ['xwa2_fetch_account_reachout_timelock', ({ account }) => account.restrictions.timelockAnswer],
  '24503548349331633': ['xwa2_message_capping_info', ({ account }) => account.restrictions.capAnswer],
  '6563316087068696': [
    'xwa2_newsletter',
    ({ network, account, variables: { input } }) => {
      const { key = '', type } = input ?? {};
      const found = type === 'INVITE' ? network.newsletters.byInvite(key) : network.newsletters.find(key);
      return metadata(found ?? notFound(), account);
    },
  ],
  '6388546374527196': [
    'xwa2_newsletter_subscribed',
    ({ network, account }) =>
      network.newsletters.all.filter(({ followers }) => followers.has(account)).map((each) => metadata(each, account)),
  ],
  '8823471724422422': [
    'xwa2_newsletter_create',
    ({ network, account, variables: { input } }) => {
      const { name = '', description } = input ?? {};
      return metadata(
        network.newsletters.create({ name, description: description ?? undefined, owner: account }),
        account,
      );
    },
  ],
  '24250201037901610': ['xwa2_newsletter_update', change],
  '24404358912487870': [
    'xwa2_newsletter_join_v2',
    (question) => {
      const newsletter = named(question);
      newsletter.followers.add(question.account);
      return metadata(newsletter, question.account);
    },
  ],
  '9767147403369991': [
    'xwa2_newsletter_leave_v2',
    (question) => {
      const newsletter = named(question);
      newsletter.followers.delete(question.account);
      return metadata(newsletter, question.account);
    },
  ],
  '29766401636284406': [
    'xwa2_newsletter_mute_v2',
    (question) => {
      const newsletter = named(question);
      newsletter.muted.add(question.account);
      return metadata(newsletter, question.account);
    },
  ],
  '9864994326891137': [
    'xwa2_newsletter_unmute_v2',
    (question) => {
      const newsletter = named(question);
      newsletter.muted.delete(question.account);
      return metadata(newsletter, question.account);
    },
  ],
  '9783111038412085': ['xwa2_newsletter_subscribers', (question) => ({ subscribers: named(question).followers.size })],
  '7130823597031706': ['xwa2_newsletter_admin', (question) => ({ admin_count: named(question).owner ? 1 : 0 })],
  '7341777602580933': [
    'xwa2_newsletter_change_owner',
    (question) => {
      const newsletter = owned(question);
      newsletter.owner = question.network.resolve(question.variables.user_id)?.account ?? notFound();
      return { id: newsletter.jid };
    },
  ],
  '30062808666639665': [
    'xwa2_newsletter_delete_v2',
    (question) => {
      const newsletter = owned(question);
      question.network.newsletters.delete(newsletter);
      return { id: newsletter.jid, state: { type: 'DELETED' } };
    },
  ],
};

/** `w:mex`: queries by number with JSON variables. Errors come as JSON, too. */
export const answerMex: QueryHandler = async ({ network, device, wanted }) => {
  const id = wanted?.attrs.query_id ?? '';
  const known = queries[id];
  if (!known) {
    network.counters.addTo('unknownStanzas', `iq w:mex ${id}`);
    return [failure(400, 'unknown query')];
  }
  const [field, answer] = known;
  try {
    const { variables } = JSON.parse(bytes(wanted).toString()) as { variables: Variables };
    const value = await answer({ network, account: device.account, variables });
    return [node('result', {}, JSON.stringify({ data: { [field]: value } }))];
  } catch (error) {
    if (error instanceof QueryError) return [failure(error.code, error.message)];
    throw error;
  }
};

function failure(code: number, message: string) {
  return node('result', {}, JSON.stringify({ errors: [{ message, extensions: { error_code: code } }] }));
}

/** Changes name, description or picture (base64, empty to remove it). */
async function change(question: Question): Promise<object> {
  const newsletter = owned(question);
  const { name, description, picture } = question.variables.updates ?? {};
  if (picture === '') newsletter.picture = undefined;
  if (picture) {
    const bytes = Buffer.from(picture, 'base64');
    const stored = await question.network.media.put(bytes, { kind: 'picture', contentType: 'image/jpeg' });
    newsletter.picture = { id: stored.blob.hash, directPath: stored.directPath };
  }
  if (name !== undefined || description !== undefined) newsletter.describe({ name, description });
  return metadata(newsletter, question.account);
}

function named({ network, variables }: Question): Newsletter {
  return network.newsletters.find(variables.newsletter_id) ?? notFound();
}

function owned(question: Question): Newsletter {
  const newsletter = named(question);
  if (newsletter.owner !== question.account) throw new QueryError(403, 'Forbidden');
  return newsletter;
}

function notFound(): never {
  throw new QueryError(404, 'Not Found');
}

/** A newsletter as clients read it, and what it is to who asks. */
function metadata(newsletter: Newsletter, viewer: Account): object {
  const { jid, name, description, invite, createdAt, followers, picture, owner, muted } = newsletter;
  const role = owner === viewer ? 'OWNER' : followers.has(viewer) ? 'SUBSCRIBER' : 'GUEST';
  return {
    id: jid,
    state: { type: 'ACTIVE' },
    thread_metadata: {
      creation_time: String(createdAt),
      name: { id: String(createdAt), text: name, update_time: String(createdAt) },
      description: { id: String(createdAt), text: description, update_time: String(createdAt) },
      invite,
      subscribers_count: String(followers.size),
      verification: 'UNVERIFIED',
      picture: { id: picture?.id ?? '', direct_path: picture?.directPath ?? '', type: 'IMAGE' },
      settings: { reaction_codes: { value: 'ALL' } },
    },
    viewer_metadata: { mute: muted.has(viewer) ? 'ON' : 'OFF', role },
  };
}
