import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BufferJSON,
  Curve,
  generateSignalPubKey,
  proto,
  type SignalDataSet,
  useMultiFileAuthState,
} from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFolderError, folderBounds, readAuthFolder } from './index.ts';

const group = '120363012345678901@g.us';
const oldGroup = '4915112345678-1400000000@g.us';
const appStateKeyId = 'AAAA/+//==';

const keys: SignalDataSet = {
  'pre-key': { 1: Curve.generateKeyPair(), 30: Curve.generateKeyPair() },
  session: {
    '4915112345678.0': { _sessions: { a: { chains: {} } }, version: 'v1' } as unknown as Uint8Array,
    '4915112345678_1.12': { _sessions: {}, version: 'v1' } as unknown as Uint8Array,
  },
  'sender-key': {
    [`${group}::4915112345678::0`]: Buffer.from('[]'),
    [`${oldGroup}::123456_1::12`]: Buffer.from('[{"senderKeyId":1}]'),
    'status@broadcast::4915112345678::3': Buffer.from('[]'),
  },
  'sender-key-memory': { [group]: { '1:2@lid': true }, [oldGroup]: {}, 'status@broadcast': {} },
  'app-state-sync-key': {
    [appStateKeyId]: proto.Message.AppStateSyncKeyData.fromObject({ keyData: randomBytes(32), timestamp: 1 }),
  },
  'app-state-sync-version': { critical_unblock_low: { version: 3, hash: randomBytes(128), indexValueMap: {} } },
  'lid-mapping': { '4915112345678': '987654', '987654_reverse': '4915112345678' },
  'device-list': { '4915112345678': ['0', '12'] },
  tctoken: { __index: { token: Buffer.from('["1@lid"]') }, '1@lid': { token: randomBytes(8), timestamp: '1' } },
  'identity-key': { '4915112345678_1.0': generateSignalPubKey(Curve.generateKeyPair().public) },
};

let folder = '';
let whole: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-auth-folder-'));
  const { state, saveCreds } = await useMultiFileAuthState(folder);
  Object.assign(state.creds, {
    me: { id: '4915112345678:5@s.whatsapp.net', lid: '1:5@lid', name: 'Shop' },
    account: proto.ADVSignedDeviceIdentity.fromObject({
      details: randomBytes(20),
      accountSignatureKey: randomBytes(32),
      accountSignature: randomBytes(64),
      deviceSignature: randomBytes(64),
    }),
    nextPreKeyId: 31,
    firstUnuploadedPreKeyId: 31,
    myAppStateKeyId: appStateKeyId,
  });
  await state.keys.set(keys);
  await saveCreds();
  const names = await readdir(folder);
  whole = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The folder with changes; undefined takes a file out. */
function changed(changes: Record<string, string | undefined>): Map<string, string> {
  const files = new Map(whole);
  for (const [name, text] of Object.entries(changes)) {
    if (text === undefined) files.delete(name);
    else files.set(name, text);
  }
  return files;
}

const withCreds = (change: Record<string, unknown>) =>
  changed({ 'creds.json': JSON.stringify({ ...JSON.parse(whole.get('creds.json') ?? ''), ...change }) });

function refusal(files: ReadonlyMap<string, string>): { file: string | undefined; message: string } {
  try {
    readAuthFolder(files);
  } catch (error) {
    if (error instanceof AuthFolderError) return { file: error.file, message: error.message };
    throw error;
  }
  throw new Error('It was not refused');
}

describe('a folder that Baileys has written', () => {
  it('gives every key under its own id, as Baileys reads it', () => {
    const { fields, credentials } = readAuthFolder(whole);
    const expected = Object.entries(keys).flatMap(([category, values]) =>
      Object.entries(values ?? {}).map(([id, value]) => [
        `${category}:${id}`,
        JSON.stringify(value, BufferJSON.replacer),
      ]),
    );
    const { creds, 'meta:max-pre-key-id': newest, ...found } = Object.fromEntries(fields);
    expect(found).toEqual(Object.fromEntries(expected));
    expect(newest).toBe('30');
    expect(JSON.parse(creds ?? '')).toEqual(JSON.parse(whole.get('creds.json') ?? ''));
    expect(credentials).toMatchObject({ phone: '4915112345678', device: 5, pushName: 'Shop' });
  });

  it('may have bytes in the forms of earlier versions', () => {
    const pair = Curve.generateKeyPair();
    const older = { private: { type: 'Buffer', data: [...pair.private] }, public: { ...pair.public } };
    const { fields } = readAuthFolder(changed({ 'pre-key-7.json': JSON.stringify(older) }));
    expect(JSON.parse(fields.get('pre-key:7') ?? '', BufferJSON.reviver)).toEqual({
      private: Buffer.from(pair.private),
      public: Buffer.from(pair.public),
    });
  });
});

describe('refuses, and says which file it is', () => {
  const creds = 'creds.json';
  it.each<[string, () => ReadonlyMap<string, string>, string | undefined, string]>([
    ['an empty folder', () => new Map(), creds, 'no multi-file auth folder'],
    ['a folder of folders', () => new Map([['shop/creds.json', '{}']]), creds, 'in a folder below'],
    ['a browser profile', () => new Map([['Default/Preferences', '{}']]), 'Default/Preferences', 'whatsapp-web.js'],
    ['a file of something else', () => changed({ 'store.json': '{}' }), 'store.json', 'not a file that Baileys keeps'],
    ['credentials cut off', () => changed({ [creds]: '{"noiseKey":' }), creds, 'no JSON'],
    ['an empty file', () => changed({ 'session-1.0.json': '' }), 'session-1.0.json', 'is empty'],
    ['credentials of something else', () => changed({ [creds]: '{"a":1}' }), creds, 'no credentials of Baileys'],
    ['a list', () => changed({ [creds]: '[]' }), creds, 'not an object'],
    ['what nobody has paired', () => withCreds({ me: undefined, account: undefined }), creds, 'no phone has linked'],
    ['an account without me', () => withCreds({ me: undefined }), creds, 'me is missing'],
    ['me without an account', () => withCreds({ account: undefined }), creds, 'account is missing'],
    ['a phone itself', () => withCreds({ me: { id: '4915112345678@s.whatsapp.net' } }), creds, 'me/id'],
    ['no signature', () => withCreds({ account: { details: 'AAAA' } }), creds, 'account/accountSignature'],
    ['a missing key', () => withCreds({ noiseKey: undefined }), creds, 'noiseKey is missing'],
    ['a wrong number', () => withCreds({ nextPreKeyId: '31' }), creds, 'nextPreKeyId'],
    ['a pre-key that is missing', () => withCreds({ nextPreKeyId: 32 }), 'pre-key-31.json', 'is missing'],
    [
      'no pre-keys at all',
      () => changed({ 'pre-key-1.json': undefined, 'pre-key-30.json': undefined }),
      undefined,
      'copied only in part',
    ],
    [
      'a missing app state key',
      () => changed({ 'app-state-sync-key-AAAA__+____==.json': undefined }),
      'app-state-sync-key-AAAA__+____==.json',
      'is missing',
    ],
    ['a wrong type', () => changed({ 'device-list-1.json': '{}' }), 'device-list-1.json', 'not a list'],
    ['a session that is none', () => changed({ 'session-1.0.json': '[]' }), 'session-1.0.json', 'no Signal session'],
    ['an odd name', () => changed({ 'session-a/b.json': '{}' }), 'session-a/b.json', 'not a file'],
    [
      'too much',
      () => changed({ 'session-1.0.json': 'x'.repeat(folderBounds.bytes) }),
      undefined,
      `larger than ${folderBounds.bytes} bytes`,
    ],
  ])('%s', (_what, files, file, reason) => {
    const refused = refusal(files());
    expect(refused.file).toBe(file);
    expect(refused.message).toContain(reason);
  });

  it('keys that do not belong together', () => {
    const { public: other } = Curve.generateKeyPair();
    const [first] = Object.values(keys['pre-key'] ?? {});
    const mixed = JSON.stringify({ private: first?.private, public: other }, BufferJSON.replacer);
    expect(refusal(changed({ 'pre-key-1.json': mixed })).message).toContain('do not belong together');
  });

  it('without a word of what is in it', () => {
    const secret = randomBytes(32).toString('base64');
    const refused = refusal(withCreds({ noiseKey: { private: { type: 'Buffer', data: secret }, public: secret } }));
    expect(JSON.stringify(refused)).not.toContain(secret.slice(0, 10));
  });
});
