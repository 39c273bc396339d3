import type { SignalDataSet, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys';

/** So many contacts are known of each socket; beyond that it begins anew. */
const most = 500;
/** What libsignal notes of a session that no other one has replaced. */
const notClosed = -1;

/** What this reads of a session as libsignal 6.0.0 serializes it. */
interface StoredSession {
  registrationId?: unknown;
  indexInfo?: { closed?: unknown };
}

/** Two questions, as Baileys' repository answers them. */
type Answers = Pick<SignalRepositoryWithLIDStore, 'validateSession'> &
  Pick<SignalRepositoryWithLIDStore['lidMapping'], 'getLIDForPN'>;

/**
 * Remembers with whom there is an open Signal session, and which LID belongs to a phone number. Baileys asks for both with
 * each message to the same contact, several times: it parses the whole session to see whether it is there, and for the
 * number sorts a list, keeps a promise in a map and measures ages in a cache.
 * @param ask what is asked the first time
 * @param age rises with every change that may make an answer another one, see {@link changesContacts}
 */
export function knowContacts(ask: Answers, age: () => number): Answers {
  const open = new Set<string>();
  const lids = new Map<string, string>();
  let rememberedAt = age();

  /** Whether an answer to what was asked then may be remembered. */
  const isGood = (asked: number) => asked === age();
  const upToDate = () => {
    if (!isGood(rememberedAt) || open.size > most || lids.size > most) {
      open.clear();
      lids.clear();
    }
    rememberedAt = age();
    return rememberedAt;
  };

  return {
    async validateSession(jid) {
      const asked = upToDate();
      if (open.has(jid)) return { exists: true };
      const answer = await ask.validateSession(jid);
      if (answer.exists && isGood(asked)) open.add(jid);
      return answer;
    },
    async getLIDForPN(pn) {
      const asked = upToDate();
      const known = lids.get(pn);
      if (known !== undefined) return known;
      const lid = await ask.getLIDForPN(pn);
      if (lid && isGood(asked)) lids.set(pn, lid);
      return lid;
    },
  };
}

/** Whether a write may change with whom there is an open session, or under which address. */
export function changesContacts(data: SignalDataSet): boolean {
  return data['lid-mapping'] !== undefined || Object.values(data.session ?? {}).some((record) => !isOpen(record));
}

function isOpen(record: unknown): boolean {
  const { _sessions = {} } = (record ?? {}) as { _sessions?: Record<string, StoredSession> };
  const current = Object.values(_sessions).find(({ indexInfo }) => indexInfo?.closed === notClosed);
  return typeof current?.registrationId === 'number';
}
