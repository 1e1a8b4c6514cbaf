import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { ConfigError, loadConfig } from '../../platform/config/load-config';
import { RealtimeConfig } from '../../platform/config/realtime';
import { settingsOf } from '../../platform/config/setting';
import { readSigningKeys } from '../../platform/signing-keys';
import { STORAGE_SECTIONS } from '../../platform/storage/open-storage';
import { STEP_SECTIONS } from '../../workers/shop-activities';
import { ownServices, readComposeFile, ROOT, type Service } from './compose-file';

type Section = new () => object;

const services = Object.entries(readComposeFile().services);

describe('the compose file', () => {
  it('publishes every port on this machine only', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('pins every image it does not build', () => {
    const images = services.filter(([, service]) => !service.build).map(([, service]) => service.image);
    expect(images.filter((image) => !/:v?\d+\.\d+/.test(image))).toEqual([]);
  });

  it('declares every volume, file and service that it refers to', () => {
    const { volumes, configs } = readComposeFile();
    const mounted = services.flatMap(([, service]) => service.volumes ?? []).map((it) => it.split(':')[0]!);
    const awaited = services.flatMap(([, service]) => Object.keys(service.depends_on ?? {}));
    expect([...new Set(mounted)].toSorted()).toEqual(Object.keys(volumes).toSorted());
    const read = services.flatMap(([, service]) => service.configs ?? []).map(({ source }) => source);
    expect(read.toSorted()).toEqual(Object.keys(configs).toSorted());
    expect(Object.values(configs).filter(({ file }) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    expect(awaited.filter((name) => !services.some(([service]) => service === name))).toEqual([]);
  });
});

describe.each(ownServices())('the container $name', ({ service, entry }) => {
  it('starts a file of this project with node', () => {
    expect(service.command?.[0]).toBe('node');
    expect(existsSync(path.join(ROOT, entry)), entry).toBe(true);
  });

  it('has an environment that its process accepts', async () => {
    expect(loadConfig(await sectionsOf(entry), environmentOf(service))).toBeTruthy();
  });

  it('has no variable that its process does not read', async () => {
    const sections = Object.values(await sectionsOf(entry));
    const known = sections.flatMap(settingsOf).map((setting) => setting.variable);
    expect(Object.keys(service.environment ?? {}).filter((name) => !known.includes(name))).toEqual([]);
  });
});

it('lets only the set-up connect as the owner of the tables', () => {
  const roleOf = (url: unknown) => new URL(String(url)).username;
  const owner = readComposeFile().services['set-up']?.environment?.['DATABASE_OWNER_URL'];
  for (const { name, service } of ownServices()) {
    const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = service.environment ?? {};
    if (url !== undefined) expect(roleOf(url), name).not.toBe(roleOf(owner));
    expect(ownerUrl, name).toBe(name === 'set-up' ? owner : undefined);
  }
});

it('would be refused in production, where a sandbox and development secrets have no place', async () => {
  const worker = ownServices().find(({ name }) => name === 'worker')!;
  const sections = await sectionsOf(worker.entry);
  const production = { ...environmentOf(worker.service), NODE_ENV: 'production' };
  expect(() => loadConfig(sections, production)).toThrow(ConfigError);
});

describe('the image', () => {
  const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  it('is built from the lock file on a slim Debian, in stages', () => {
    expect(dockerfile).toMatch(/^RUN npm ci$/m);
    expect(dockerfile.match(/^FROM .*/gm)).toEqual([
      expect.stringMatching(/^FROM node:\d+-bookworm-slim AS build$/),
      expect.stringMatching(/^FROM node:\d+-bookworm-slim$/),
    ]);
  });

  it('runs as a user without rights, with a health check, and node itself receives the signals', () => {
    expect(final).toMatch(/^USER node$/m);
    expect(final).toMatch(/^HEALTHCHECK /m);
    expect(final).toMatch(/^CMD \["node", "dist\/api\/main\.js"\]$/m);
  });

  it('copies only what is there', () => {
    const ours = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((it) => it[1]!.split(' '));
    expect(ours.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });
});

/** The configuration sections that an entry point imports, which are those that its process loads. */
async function sectionsOf(entry: string): Promise<Record<string, Section>> {
  const source = readFileSync(path.join(ROOT, entry), 'utf8');
  const imports = [...source.matchAll(/import \{([^}]+)\} from '[./]+\/platform\/config\/([\w-]+)'/g)];
  const sections: Record<string, Section> = {};
  for (const [, names = '', file = ''] of imports) {
    const module = (await import(path.join(ROOT, 'platform/config', file))) as Record<string, Section>;
    for (const name of names.split(',').map((it) => it.trim())) {
      if (/^[A-Z]\w*Config$/.test(name) && module[name]) sections[name] = module[name];
    }
  }
  if (source.includes('STEP_SECTIONS')) Object.assign(sections, STEP_SECTIONS);
  if (source.includes('STORAGE_SECTIONS')) Object.assign(sections, STORAGE_SECTIONS);
  expect(Object.keys(sections), `${entry} loads no section`).not.toEqual([]);
  return sections;
}

function environmentOf(service: Service): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

describe('the sockets', () => {
  const { services: all } = readComposeFile();
  const nodes = ownServices().filter(({ entry }) => entry === 'realtime/main.ts');
  const nginx = readFileSync(path.join(ROOT, 'deploy/nginx.conf'), 'utf8');

  it('are held by two nodes behind one address, which alone is published', () => {
    expect(nodes.map(({ name }) => name)).toEqual(['realtime-1', 'realtime-2']);
    expect(nodes.flatMap(({ service }) => service.ports ?? [])).toEqual([]);
    expect(all['edge']?.ports).toEqual(['127.0.0.1:3002:3002']);
    const upstream = /upstream realtime \{([^}]*)\}/.exec(nginx)![1]!;
    expect([...upstream.matchAll(/server (\S+);/g)].map(([, server]) => server)).toEqual(
      nodes.map(({ name, service }) => `${name}:${service.environment?.['REALTIME_PORT']}`),
    );
  });

  it('keep a client on one node, and its connection longer than two pings', () => {
    expect(nginx).toMatch(/^ {2}hash \$remote_addr consistent;$/m);
    expect(nginx).toMatch(/^ {2}location \/ws \{$/m);
    expect(nginx).toMatch(/proxy_set_header Upgrade \$http_upgrade;/);
    const seconds = Number(/proxy_read_timeout (\d+)s;/.exec(nginx)![1]);
    const { pingIntervalMs, pingTimeoutMs } = new RealtimeConfig();
    expect(seconds).toBeGreaterThan(60);
    expect(seconds * 1_000).toBeGreaterThan(pingIntervalMs + pingTimeoutMs);
    // The edge adds one address.
    for (const { service } of nodes) expect(service.environment?.['TRUSTED_PROXIES']).toBe(1);
  });

  it('check tokens with the public half of the key that the API signs with, and sign none', () => {
    const published = readSigningKeys(String(all['api']!.environment!['SIGNING_KEYS'])).published;
    for (const { service } of nodes) {
      expect(JSON.parse(String(service.environment!['PUBLIC_KEYS']))).toEqual({ keys: published });
      expect(Object.keys(service.environment!)).not.toContain('SIGNING_KEYS');
    }
  });
});
