import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../packages/contracts/src/commands/catalog.ts';
import { errors } from '../../../packages/contracts/src/errors.ts';
import { events } from '../../../packages/contracts/src/events/envelope.ts';
import { InstanceSettings } from '../../../packages/contracts/src/instance.ts';
import {
  endpointKeys,
  fleetKeys,
  instanceKeys,
  replicationMark,
  tenantKeys,
  workerKeys,
} from '../../../packages/contracts/src/keys.ts';
import { messageStatuses, sendErrors } from '../../../packages/contracts/src/messages.ts';
import { queues } from '../../../packages/contracts/src/queues.ts';
import { apps } from './app-schemas.ts';
import { readText, root } from './repository.ts';

const isPage = (path: string) => path.endsWith('.md');
const below = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
/** Folders of the apps and packages. */
const workspace = ['apps', 'packages'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);
const readmes = workspace.map((folder) => `${folder}/README.md`);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...below('docs').filter(isPage),
  ...readmes.filter((path) => existsSync(join(root, path))),
];

/** The text of a page without its blocks of code. */
const prose = (page: string) => readText(page).replace(/^```[\s\S]*?^```$/gm, '');

interface Link {
  page: string;
  text: string;
  /** As it stands in the page. */
  target: string;
  /** Path from the project's root. */
  path: string;
  /** What stands behind `#`. */
  anchor: string | undefined;
}

const links = pages.flatMap((page) =>
  [...prose(page).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].flatMap(([, text = '', target = '']): Link[] => {
    if (/^(https?|mailto):/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    return [{ page, text, target, path: path === '' ? page : normalize(join(dirname(page), path)), anchor }];
  }),
);

/** Anchors of a page as GitHub makes them. */
const anchors = (page: string) =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );

describe.each(pages)('%s', (page) => {
  test('links only to what is there', () => {
    const broken = links.filter((link) => link.page === page && !existsSync(join(root, link.path)));
    expect(broken.map(({ target }) => target)).toEqual([]);
  });

  test('links only to headings that are there', () => {
    const broken = links.filter(
      ({ page: from, path, anchor }) =>
        from === page && anchor !== undefined && isPage(path) && !anchors(path).includes(anchor),
    );
    expect(broken.map(({ target }) => target)).toEqual([]);
  });

  test('names functions in the files that have them', () => {
    const broken = links.filter(({ page: from, text, path }) => {
      const name = /^`([A-Za-z_]\w*)`$/.exec(text)?.[1];
      if (from !== page || name === undefined || !/\.(ts|mjs|lua)$/.test(path) || !existsSync(join(root, path)))
        return false;
      return !new RegExp(`\\b${name}\\b`).test(readText(path));
    });
    expect(broken.map(({ text, target }) => `${text} in ${target}`)).toEqual([]);
  });

  test('names only paths that are there', () => {
    const named = [...prose(page).matchAll(/`((?:apps|packages|docs|infra|scripts)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** What stands in an instance's keys besides the instance. */
const secondParts: Record<string, string> = {
  journal: '<message id>',
  request: '<request>',
  checkedNumber: '<phone>',
  receipts: '<message id>',
  historyOfChat: '<jid>',
  historyResponses: '<message id>',
  chat: '<jid>',
  contact: '<jid>',
};

/** What stands in an endpoint's keys besides the endpoint. */
const secondPartsOfEndpoints: Record<string, string> = {
  mailbox: '<instance>',
  delivered: '<part>',
  stats: '<span>',
  replay: '<replay>',
};

describe('docs/architecture.md', () => {
  test('has every key of Redis', () => {
    const page = readText('docs/architecture.md');
    const named = new Set([...page.matchAll(/`(fl:[^`]+)`/g)].map(([, key]) => key));
    const placeholders = {
      instance: '<instance>',
      worker: '<incarnation>',
      tenant: '<tenant>',
      endpoint: '<endpoint>',
    };
    const keys = [
      ...Object.entries(instanceKeys).flatMap(([name, key]) => {
        const second = secondParts[name] ?? '<token>';
        return name === 'queuePrefix' ? [] : [key(placeholders.instance, second)];
      }),
      ...[queues.commands, queues.requests, queues.control].map(
        (queue) => `${instanceKeys.queuePrefix(placeholders.instance)}:${queue}:…`,
      ),
      ...Object.values(workerKeys).map((key) => key(placeholders.worker)),
      ...Object.values(tenantKeys).map((key) => key(placeholders.tenant, '<instance>')),
      ...Object.entries(endpointKeys).map(([name, key]) =>
        key(placeholders.endpoint, secondPartsOfEndpoints[name] ?? '<event>'),
      ),
      replicationMark('{…}'),
      ...Object.entries(fleetKeys).map(([name, key]) =>
        typeof key === 'string' ? key : key(name === 'stopRelays' ? '<process>' : '<sha256>'),
      ),
      ...Object.values(queues).flatMap((queue) => (typeof queue === 'string' ? [] : [`${queue.prefix}:…`])),
    ];
    expect(keys.filter((key) => !named.has(key))).toEqual([]);
    const known = new Set(keys);
    expect([...named].filter((key) => key !== undefined && !known.has(key))).toEqual([]);
  });

  test('lists every decision', () => {
    const decisions = readdirSync(join(root, 'docs/adr'));
    const page = readText('docs/architecture.md');
    expect(decisions.filter((file) => !page.includes(`](adr/${file})`))).toEqual([]);
    expect(decisions.map((file) => file.slice(0, 4))).toEqual(
      decisions.map((_, index) => String(index + 1).padStart(4, '0')),
    );
  });

  test('lists every app and package', () => {
    const page = readText('docs/architecture.md');
    expect(workspace.filter((folder) => !page.includes(`[\`${folder}\`]`))).toEqual([]);
  });
});

describe('docs/api.md', () => {
  test('has every error with its status', () => {
    const rows = [...readText('docs/api.md').matchAll(/^\| (\d{3}) \| (.+) \|$/gm)];
    const listed = rows.flatMap(([, status, codes = '']) =>
      [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => `${status} ${code}`),
    );
    expect(listed.sort()).toEqual(
      Object.entries(errors)
        .map(([code, { statusCode }]) => `${statusCode} ${code}`)
        .sort(),
    );
  });
});

describe('docs/events.md', () => {
  const page = readText('docs/events.md');
  test('has every event, and how sure it is', () => {
    const rows = page.split('\n').filter((line) => /^\| `.*\| [^|]*[A-D][^|]* \|$/.test(line));
    expect(
      Object.keys(events).filter((type) => !rows.some((row) => row.split('|')[1]?.includes(`\`${type}\``))),
    ).toEqual([]);
  });

  test('has what an instance can be set to about what comes in', () => {
    const isAboutReceiving = (name: string) => /^(raw|download|ignore|reject|read)[A-Z]/.test(name);
    const settings = Object.keys(InstanceSettings.properties).filter(isAboutReceiving);
    expect(settings).toHaveLength(7);
    for (const name of settings) expect(page).toContain(`\`${name}\``);
  });
});

describe('docs/sending.md', () => {
  const firstColumn = [...readText('docs/sending.md').matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, name]) => name);
  test('has every command and every error', () => {
    expect(
      [...Object.keys(commands), ...Object.keys(sendErrors)].filter((name) => !firstColumn.includes(name)),
    ).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const page = readText('docs/glossary.md');
  test('has the statuses and a command', () => {
    for (const word of Object.keys(messageStatuses)) expect(page).toContain(`\`${word}\``);
    expect(Object.keys(commands).some((name) => page.includes(`\`${name}\``))).toBe(true);
  });
});

describe('docs/guarantees.md', () => {
  const page = readText('docs/guarantees.md').replace(/\s+/g, ' ');

  test('names tests that are there, in the files that have them', () => {
    // A link to a test file, and behind it the names of tests, up to the next link.
    const shown = [...page.matchAll(/\]\(\.\.\/([\w./-]+\.test\.ts)\)([^[]*)/g)].flatMap(([, path = '', behind = '']) =>
      [...behind.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ path, name })),
    );
    expect(shown.length).toBeGreaterThan(20);
    const missing = shown.filter(({ path, name }) => !readText(path).includes(name));
    expect(missing).toEqual([]);
  });

  test('shows each promise by a test', () => {
    const promises = page.split(/ \*\*(?=[0-9A-Z])/).slice(1);
    expect(promises.filter((text) => /^\d\. /.test(text))).toHaveLength(8);
    for (const text of promises) {
      expect(text).toContain('_Limits:_');
      expect(text).toMatch(/_Shown by_ \[[\w-]+\]\(\.\.\/[\w./-]+\.test\.ts\)/);
    }
  });
});

describe('docs/operations.md', () => {
  const page = readText('docs/operations.md');

  test.each([...apps])('has the variables of %s with their defaults', (app, variables) => {
    const section = page.split(`\n### ${app}\n`)[1]?.split(/\n#|\n\n[A-Z]/)[0] ?? '';
    const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]+)`|(required)|) ?\|/gm)].map(
      ([, name, value = '', required = '']) => `${name} ${required || value}`,
    );
    const expected = [...variables].map(
      ([name, { default: value, isRequired }]) => `${name} ${isRequired ? 'required' : (value ?? '')}`,
    );
    expect(rows.sort()).toEqual(expected.sort());
  });

  test('has every metric', () => {
    const sources = workspace
      .filter((folder) => existsSync(join(root, folder, 'src')))
      .flatMap((folder) => below(`${folder}/src`))
      .filter((path) => path.endsWith('.ts'));
    const metrics = sources.flatMap((path) =>
      [...readText(path).matchAll(/name: '(flotilla_\w+)'/g)].map(([, name]) => name),
    );
    const named = [...page.matchAll(/`(flotilla_[a-z_]+)/g)].map(([, name]) => name);
    expect(
      [...new Set(named)].filter((name) => !metrics.includes(name) && !name?.startsWith('flotilla_connection')),
    ).toEqual([]);
    expect(metrics.filter((name) => !named.includes(name))).toEqual([]);
  });
});
