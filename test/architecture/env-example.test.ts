import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from 'vitest';

import { renderEnvExample, renderSettingsTables } from './render-settings';
import { findSections, type Section } from './settings-sections';

const ROOT = path.join(__dirname, '../..');
const ENV_EXAMPLE = path.join(ROOT, '.env.example');
const PAGE = path.join(ROOT, 'docs/configuration.md');

let sections: Section[];
let settings: Section['settings'];
beforeAll(async () => {
  sections = await findSections();
  settings = sections.flatMap((section) => section.settings);
});

test('the sections are found', () => {
  expect(sections.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'Runtime',
      'Database',
      'Redis',
      'Temporal',
      'Api',
      'Checkout',
      'Zarinpal',
      'Worker',
    ]),
  );
  expect(settings.length).toBeGreaterThan(40);
});

test('.env.example has exactly the variables of the classes', () => {
  const named = Array.from(readFileSync(ENV_EXAMPLE, 'utf8').matchAll(/^(\w+)=/gm), ([, name]) => name);

  expect(new Set(named)).toEqual(new Set(settings.map(({ variable }) => variable)));
  expect(named).toHaveLength(new Set(named).size);
});

// `npx vitest run --project fast test/architecture/env-example.test.ts --update` writes both files again.
test('.env.example says of each variable what its class says', async () => {
  await expect(renderEnvExample(sections)).toMatchFileSnapshot(ENV_EXAMPLE);
});

test('the tables of the configuration page say what the classes say', async () => {
  const tables = /(?<=<!-- settings -->\n)[\s\S]*(?=<!-- end of settings -->)/;
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toMatch(tables);

  await expect(page.replace(tables, () => `\n${renderSettingsTables(sections)}\n`)).toMatchFileSnapshot(PAGE);
});

test('each variable has one sentence of its own', () => {
  for (const { variable, sentence } of settings) {
    expect(sentence, variable).toMatch(/^[A-Z'"/].{10,}\.$/);
    expect(sentence, variable).not.toMatch(/\.\s/);
  }
});

test('every setting is used by something', () => {
  const rooms = [
    'api',
    'realtime',
    'workers',
    'temporal',
    'commands',
    'sandbox',
    'activities',
    'entities',
    'platform',
  ];
  const source = rooms
    .flatMap((room) =>
      readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((it) => `${room}/${it}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.startsWith('platform/config/'))
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .join('\n');

  const unused = settings.filter(({ property }) => !new RegExp(`\\b${property}\\b`).test(source));
  // NODE_ENV is read where the rules for production are.
  expect(unused.map(({ variable }) => variable)).toEqual(['NODE_ENV']);
});

test('no secret is shown but one that only development may use', () => {
  for (const { variable, secret, initial } of settings) {
    if (!secret || initial === undefined) continue;
    expect(initial, variable).toMatch(/^development-only|^0{8}-/);
  }
});
