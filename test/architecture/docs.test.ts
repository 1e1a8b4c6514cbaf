import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { filesAbout } from '../runner/find-tests';

const ROOT = path.join(__dirname, '../..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const rooms = (JSON.parse(read('tsconfig.json')) as { include: string[] }).include;
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name.replaceAll('\\', '/'))),
];

const TESTS = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map((name) =>
  path.posix.join('test', name.replaceAll('\\', '/')),
);

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('links to pages and headings that exist', () => {
    expect(linksIn(text).filter((link) => !resolves(page, link))).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names only tests that exist', () => {
    const named = [...text.matchAll(/`npm (test|run drills) -- ([\w ./-]+)`/g)].flatMap(
      ([, command, words]) =>
        words!.split(' ').map((word) => ({ word, ending: command === 'test' ? '.test.ts' : '.drill.ts' })),
    );
    const unknown = named.filter(({ word, ending }) => {
      const files = TESTS.filter((file) => file.endsWith(ending));
      return !word.includes('<') && filesAbout(word, files).length === 0;
    });
    expect(unknown).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const named = [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map((match) => match[1]!);
    const ours = named
      .filter((name) => [...rooms, 'docs', 'deploy'].includes(name.split('/')[0]!))
      .filter((name) => !isReadersOwn(name, text));
    expect(
      ours.filter((name) => !['', '.ts'].some((end) => existsSync(path.join(ROOT, name + end)))),
    ).toEqual([]);
  });

  it('shows only curl lines whose address is ASCII and quoted where a shell would read it', () => {
    const lines = [...text.replaceAll('\\\n', ' ').matchAll(/^.*?\bcurl (-.*|http.*|localhost.*)$/gm)].map(
      (match) => match[1]!,
    );
    const sent = lines.map((line) => line.replaceAll(/--data-urlencode '[^']*'/g, ''));
    expect(sent.filter((line) => /[^\x20-\x7e]/.test(line) || /\s[^\s'"]*\?/.test(line))).toEqual([]);
  });

  it('names only routes that the API document has', () => {
    const named = [...text.matchAll(/(?:\/api\/v1|\$api)(\/[\w/{}:$-]+)/g)].map(
      (match) => `/api/v1${match[1]}`,
    );
    expect(named.filter((route) => !documented(route))).toEqual([]);
  });
});

describe('the pages together', () => {
  it('can all be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const link of linksIn(read(page))) {
        const target = path.posix.join(path.posix.dirname(page), link.split('#')[0]!);
        if (target.endsWith('.md') && existsSync(path.join(ROOT, target))) reached.add(target);
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});

/** Whether the reader makes this file: its name has the word that the page says it adds. */
function isReadersOwn(name: string, text: string): boolean {
  const example = /^This page adds .*?`([\w-]+)`/m.exec(text)?.[1];
  return example !== undefined && name.includes(example);
}

/** The targets of links within the project. */
function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function resolves(page: string, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) return false;
  return heading === undefined || headingsOf(read(target)).includes(heading);
}

/** The anchors that a forge gives to headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

/** Whether a path with any values for its parameters is in the committed OpenAPI document. */
function documented(route: string): boolean {
  const { paths } = JSON.parse(read('api/openapi/openapi.json')) as { paths: Record<string, unknown> };
  const parts = route.replace(/\/$/, '').split('/');
  return Object.keys(paths).some((known) => {
    const expected = known.split('/');
    return (
      expected.length === parts.length &&
      expected.every((part, at) => part.startsWith('{') || part === parts[at])
    );
  });
}
