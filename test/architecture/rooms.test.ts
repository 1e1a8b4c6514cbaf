import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { ALL_PLACES, mayUse, type Row, roomOf, shapeOf, TABLE } from './import-table';
import { type Finding, lintPlantedTree, ROOT } from './planted-tree';
import { FENCES_FILE, renderFences } from './render-fences';
import { withTable } from './render-table';

interface Import {
  source: string;
  allowed: boolean;
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** Every package of the project, some others, and one module of Node. A new dependency is judged at once. */
const PACKAGES = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).concat(
  ['socket.io', 'stripe', 'undici', 'typeorm-extension', 'class-variance', '@temporalio/testing'],
  'node:fs',
);

/** The rooms that are there today. */
const rooms = (
  JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8')) as { include: string[] }
).include.filter((room) => existsSync(path.join(ROOT, room)));

const HOUSE_RULES: Record<string, { rule: string; source: string; clean: string }> = {
  'api/orders/prints.ts': {
    rule: 'no-console',
    source: "console.log('hello');\n",
    clean: 'platform/quiet.ts',
  },
  'workers/forgets.ts': {
    rule: 'no-floating-promises',
    source: 'const work = async () => {};\nexport function run(): void {\n  work();\n}\n',
    clean: 'workers/awaits.ts',
  },
  'temporal/value-for-type.ts': {
    rule: 'consistent-type-imports',
    source: "import { Deadline } from './deadline';\nexport const limit: Deadline = 1;\n",
    clean: 'temporal/type-for-type.ts',
  },
  'api/carts/here.ts': {
    rule: 'no-cycle',
    source: "import { there } from './there';\nexport const here = () => there;\n",
    clean: 'api/carts/one-way.ts',
  },
  'entities/carts/here.ts': {
    rule: 'no-cycle',
    source: "import { there } from './there';\nexport const here = () => there;\n",
    clean: 'entities/carts/one-way.ts',
  },
  'platform/default.ts': {
    rule: 'no-default-export',
    source: 'export default 1;\n',
    clean: 'test/runner/summary.ts',
  },
  'activities/payments/CamelCase.ts': {
    rule: 'filename-case',
    source: 'export const one = 1;\n',
    clean: 'activities/payments/kebab-case.ts',
  },
  'platform/reads-environment.ts': {
    rule: 'no-process-env',
    source: 'export const home = process.env.HOME;\n',
    clean: 'platform/config/reads-environment.ts',
  },
  'entities/orders/everything.ts': {
    rule: 'no-barrel-file',
    source: "export * from './order';\n",
    clean: 'workflows/index.ts',
  },
  'workflows/checkout/reads-process.workflow.ts': {
    rule: 'no-restricted-globals',
    source: 'export const region = () => process.env.REGION;\n',
    clean: 'workflows/checkout/checkout.workflow.ts',
  },
  'commands/anything.ts': {
    rule: 'no-explicit-any',
    source: 'export const anything = (value: any): unknown => value;\n',
    clean: 'commands/something.ts',
  },
};

/** Similar code that the rule must leave alone. */
const CLEAN: Record<string, string> = {
  'platform/quiet.ts': "process.stdout.write('hello');\n",
  'workers/awaits.ts':
    'const work = async () => {};\nexport async function run(): Promise<void> {\n  await work();\n}\n',
  'temporal/type-for-type.ts':
    "import type { Deadline } from './deadline';\nexport const limit: Deadline = 1;\n",
  'temporal/deadline.ts': 'export type Deadline = number;\n',
  'api/carts/there.ts': "import { here } from './here';\nexport const there = () => here;\n",
  'api/carts/one-way.ts': "import { end } from './end';\nexport const start = () => end;\n",
  'api/carts/end.ts': 'export const end = 1;\n',
  'entities/carts/one-way.ts': "import { end } from './end';\nexport const start = () => end;\n",
  'entities/carts/end.ts': 'export const end = 1;\n',
  'entities/carts/there.ts': "import { here } from './here';\nexport const there = () => here;\n",
  'entities/orders/order.ts': 'export const order = 1;\n',
  'test/runner/summary.ts': 'export default 1;\n',
  'activities/payments/kebab-case.ts': 'export const one = 1;\n',
  'platform/config/reads-environment.ts': 'export const home = process.env.HOME;\n',
  'workflows/index.ts': "export * from './checkout/checkout.workflow';\n",
  'workflows/checkout/checkout.workflow.ts': 'export const workflow = 1;\n',
  'commands/something.ts': 'export const something = (value: unknown): unknown => value;\n',
};

const importsOf = new Map(
  TABLE.map((row) => [row.planted, [...roomImports(row), ...packageImports(row)].map(nameApart)]),
);
let findings: Finding[];

beforeAll(() => {
  const planted = [...importsOf].map(([file, lines]) => [file, lines.map((it) => `${it.source}\n`).join('')]);
  const violations = Object.entries(HOUSE_RULES).map(([file, { source }]) => [file, source]);
  findings = lintPlantedTree({ ...CLEAN, ...Object.fromEntries([...planted, ...violations]) });
});

describe('the fences between the rooms', () => {
  it.each(TABLE.map((row) => row.planted))(
    '%s may import exactly what its row of the table allows',
    (file) => {
      const caught = new Map(fenceFindings(file).map((it) => [it.line, it.help]));
      const misjudged = (importsOf.get(file) ?? [])
        .map(({ source, allowed }, at) => ({ source, allowed, passed: !caught.has(at + 1) }))
        .filter(({ allowed, passed }) => allowed !== passed)
        .map(({ source, passed }) => `${passed ? 'passed' : 'refused'}: ${source}`);
      expect(misjudged).toEqual([]);
    },
  );

  it('say why in a sentence, not only that', () => {
    const sentences = TABLE.flatMap((row) => fenceFindings(row.planted)).map((it) => it.help);
    expect(sentences.length).toBeGreaterThan(100);
    expect(sentences.filter((it) => !/^[A-Za-z].{25,}\.$/.test(it))).toEqual([]);
  });

  it('stand around every room that exists', () => {
    const fenced = new Set(TABLE.map(roomOf));
    expect(rooms.filter((room) => !fenced.has(room))).toEqual([]);
  });

  it('are those of the import table (npm run fences writes them)', () => {
    expect(readFileSync(path.join(ROOT, FENCES_FILE), 'utf8')).toBe(renderFences());
  });

  it('are documented as the import table has them (npm run fences writes it)', () => {
    const page = readFileSync(path.join(ROOT, 'docs/overview.md'), 'utf8');
    expect(page).toBe(withTable(page));
  });

  it('are not climbed by an import() of another file, which the linter does not see', () => {
    const climbing = rooms
      .filter((room) => room !== 'test')
      .flatMap(sourcesOf)
      .filter((file) => /\bimport\(\s*['"`]\./.test(readFileSync(path.join(ROOT, file), 'utf8')));
    expect(climbing).toEqual([]);
  });
});

describe('the house rules', () => {
  it.each(Object.entries(HOUSE_RULES))('%s is caught', (file, { rule }) => {
    expect(rulesFiredIn(file)).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  it.each(Object.values(HOUSE_RULES))('$clean is left alone by $rule', ({ rule, clean }) => {
    expect(CLEAN).toHaveProperty([clean]);
    expect(rulesFiredIn(clean)).not.toContainEqual(expect.stringContaining(`(${rule})`));
  });
});

function roomImports(row: Row): Import[] {
  const up = '../'.repeat(row.planted.split('/').length - 1);
  return ALL_PLACES.flatMap((place) => {
    const { room, examples } = shapeOf(place);
    if (room === roomOf(row)) return [];
    const byValue = row.value.includes(place);
    const asType = byValue || row.type.includes(place);
    return examples.flatMap((name) => threeWays(`${up}${name}`, byValue, asType));
  });
}

function packageImports(row: Row): Import[] {
  return PACKAGES.flatMap((name) => threeWays(name, mayUse(row, name), mayUse(row, name)));
}

function threeWays(specifier: string, byValue: boolean, asType: boolean): Import[] {
  return [
    { source: `import { it as NAME } from '${specifier}';`, allowed: byValue },
    { source: `export { it as NAME } from '${specifier}';`, allowed: byValue },
    { source: `import type { It as NAME } from '${specifier}';`, allowed: asType },
  ];
}

/** oxlint skips a file that declares a name twice, so every line binds its own. */
function nameApart(line: Import, at: number): Import {
  return { ...line, source: line.source.replace('NAME', `name${at}`) };
}

function sourcesOf(room: string): string[] {
  return readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(room, name));
}

function fenceFindings(file: string): Finding[] {
  return findings.filter((it) => it.file === file && it.rule.includes('no-restricted-imports'));
}

function rulesFiredIn(file: string): string[] {
  return findings.filter((it) => it.file === file).map((it) => it.rule);
}
