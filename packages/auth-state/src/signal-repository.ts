import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  proto,
  type SignalDataSet,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import { authStateOf } from './auth-state.ts';
import { inCommitScope } from './commit-scope.ts';
import { type InboundEntry, inboundCategory } from './inbound.ts';
import { knowContacts } from './known-contacts.ts';
import { decryptionBegins, type Origin, originOf } from './stanzas.ts';

/** The lock of one account's sessions. Its name is no key category, as Baileys has a mutex for each of those. */
const sessionLock = 'flotilla-sessions';

const makeBaileysRepository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository;

/**
 * For `makeWASocket({ makeSignalRepository })`. Baileys' repository, with three changes:
 *
 * - **One lock for everything that touches an account's sessions.** Baileys locks a send and a decryption of the same
 *   session differently, so that each can overwrite the other's ratchet.
 * - **No ciphertext before its ratchet is stored.** A message is encrypted in a transaction of its own, outside of the
 *   one that `relayMessage` opens and commits only after the stanza has left. So neither a send nor a resend for a retry
 *   receipt can leave the process with a counter that a crash would hand out again. Nothing has to be held back, which
 *   could deadlock: Baileys asks the server questions between the encryptions of one stanza.
 * - **A message is stored with the ratchet that decrypted it**, as an {@link InboundEntry}, before Baileys sees it.
 *   The sender key that it may carry is stored in the same commit.
 *
 * The lock is held for the ratchet step only, not while the store works: the next step builds on the values in memory,
 * and commits happen in order.
 */
export const makeSignalRepository: SocketConfig['makeSignalRepository'] = (auth, logger, pnToLid) => {
  const inner = makeBaileysRepository(auth, logger, pnToLid);
  if (!('transaction' in auth.keys)) throw new Error('The Signal repository needs keys with transactions');
  const keys: SignalKeyStoreWithTransaction = auth.keys;
  /** Leaves the transaction that the caller may be in: Baileys keeps it in an AsyncLocalStorage. */
  const outside = AsyncLocalStorage.snapshot();
  const state = authStateOf(auth.creds);
  const { lidMapping } = inner;
  const asked = {
    validateSession: inner.validateSession,
    getLIDForPN: lidMapping.getLIDForPN.bind(lidMapping),
  };
  const contacts = state ? knowContacts(asked, () => state.contactsAge) : asked;
  // Baileys' repository asks itself as well.
  lidMapping.getLIDForPN = contacts.getLIDForPN;
  /** Distributions that were processed with the message that brought them. Baileys asks for each once more. */
  const processed = new Set<string>();

  const step = <T>(work: () => Promise<T>) => outside(() => inCommitScope(() => keys.transaction(work, sessionLock)));

  /** For what others depend on: gives its result when the change is stored. */
  async function stored<T>(work: () => Promise<T>): Promise<T> {
    const { result, committed } = await step(work);
    await committed;
    return result;
  }

  /** For what only later steps depend on: their commits come after this one's. */
  async function ordered<T>(work: () => Promise<T>): Promise<T> {
    const { result } = await step(work);
    return result;
  }

  async function decrypt(
    ciphertext: Uint8Array,
    type: InboundEntry['type'],
    work: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const origin = originOf(ciphertext);
    if (!origin) throw new Error('Stanza unknown: watchStanzas(sock) has to be called after makeWASocket()');
    decryptionBegins(origin);
    try {
      return await decryptAndStore(origin, type, work);
    } catch (error) {
      if (!(await state?.received(entryId(origin.stanza)))) throw error;
      // Its event is stored already. Baileys acknowledges an empty message, and would ask for an unreadable one again.
      return emptyMessage;
    }
  }

  async function decryptAndStore(
    origin: Origin,
    type: InboundEntry['type'],
    work: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    return await stored(async () => {
      const padded = await work();
      const message = readMessage(padded);
      if (!message) return padded;
      await processDistribution(origin, message.content);
      if (isTenantMessage(origin, message.content)) {
        const entry = inboundEntry(origin, type, message.plaintext);
        const data: SignalDataSet & Record<typeof inboundCategory, unknown> = {
          [inboundCategory]: { [entry.id]: entry },
        };
        await keys.set(data);
      }
      return padded;
    });
  }

  async function processDistribution(origin: Origin, content: proto.IMessage): Promise<void> {
    const item = content.senderKeyDistributionMessage;
    const authorJid = origin.stanza.attrs.participant ?? origin.stanza.attrs.from;
    if (!item?.groupId || !authorJid) return;
    try {
      await inner.processSenderKeyDistributionMessage({ item, authorJid });
      processed.add(distributionId(authorJid, item));
    } catch {
      // Baileys tries again after the decryption, and logs why it fails. The message itself must not be lost for it.
    }
  }

  return {
    ...inner,
    decryptMessage: (options) => decrypt(options.ciphertext, options.type, () => inner.decryptMessage(options)),
    decryptGroupMessage: (options) => decrypt(options.msg, 'skmsg', () => inner.decryptGroupMessage(options)),
    async processSenderKeyDistributionMessage(options) {
      if (processed.delete(distributionId(options.authorJid, options.item))) return;
      await stored(() => inner.processSenderKeyDistributionMessage(options));
    },
    encryptMessage: (options) => stored(() => inner.encryptMessage(options)),
    encryptGroupMessage: (options) => stored(() => inner.encryptGroupMessage(options)),
    getSenderKeyDistributionMessage: (options) => stored(() => inner.getSenderKeyDistributionMessage(options)),
    injectE2ESession: (options) => ordered(() => inner.injectE2ESession(options)),
    deleteSession: (jids) => stored(() => inner.deleteSession(jids)),
    migrateSession: (fromJid, toJid) => ordered(() => inner.migrateSession(fromJid, toJid)),
    // Readers leave the transaction as well: it would keep their answer, and give it again after a session has changed.
    validateSession: (jid) => outside(() => contacts.validateSession(jid)),
    hasSenderKey: (options) => outside(() => inner.hasSenderKey(options)),
    getSessionInfo: (jid) => outside(() => inner.getSessionInfo(jid)),
  };
};

/** undefined when the sender put something into the envelope that is no message; Baileys then says so itself. */
function readMessage(padded: Uint8Array): { plaintext: Uint8Array; content: proto.IMessage } | undefined {
  try {
    const plaintext = unpadRandomMax16(padded);
    const message = proto.Message.decode(plaintext);
    return { plaintext, content: message.deviceSentMessage?.message ?? message };
  } catch {
    return undefined;
  }
}

const { Type } = proto.Message.ProtocolMessage;
/** What a phone tells its own companions about keys, history and settings. Nobody wrote it to anybody. */
const companionTraffic = new Set<proto.Message.ProtocolMessage.Type | null | undefined>([
  Type.HISTORY_SYNC_NOTIFICATION,
  Type.APP_STATE_SYNC_KEY_SHARE,
  Type.APP_STATE_SYNC_KEY_REQUEST,
  Type.APP_STATE_FATAL_EXCEPTION_NOTIFICATION,
  Type.INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC,
  Type.PEER_DATA_OPERATION_REQUEST_MESSAGE,
  Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
  Type.LID_MIGRATION_MAPPING_SYNC,
]);

function isTenantMessage({ stanza }: Origin, content: proto.IMessage): boolean {
  if (stanza.attrs.category === 'peer') return false;
  if (content.protocolMessage && companionTraffic.has(content.protocolMessage.type)) return false;
  // A new sender key comes in a message of its own, beside the group message that needs it.
  return Object.entries(content).some(
    ([field, value]) =>
      value !== null &&
      value !== undefined &&
      field !== 'senderKeyDistributionMessage' &&
      field !== 'fastRatchetKeySenderKeyDistributionMessage' &&
      field !== 'messageContextInfo',
  );
}

/** Padding alone: one byte that says how many there are. */
const emptyMessage = Uint8Array.of(1);

const entryId = ({ attrs: { id, from, participant } }: BinaryNode): string => [from, participant, id].join('|');

function inboundEntry({ stanza, index }: Origin, type: InboundEntry['type'], plaintext: Uint8Array): InboundEntry {
  const { id = '', from = '', participant } = stanza.attrs;
  const content = Array.isArray(stanza.content)
    ? stanza.content.map((child) => (child.tag === 'enc' ? { ...child, content: undefined } : child))
    : stanza.content;
  return {
    id: entryId(stanza),
    stanzaId: id,
    from,
    participant,
    type,
    index,
    stanza: { ...stanza, content },
    plaintext,
  };
}

function distributionId(authorJid: string, item: proto.Message.ISenderKeyDistributionMessage): string {
  const key = Buffer.from(item.axolotlSenderKeyDistributionMessage ?? []).toString('base64');
  return `${authorJid}|${item.groupId}|${key}`;
}
