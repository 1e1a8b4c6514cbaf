import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

export const ROOT = path.join(__dirname, '../..');

/** The parts of a compose service that the tests read. */
export interface Service {
  build?: unknown;
  image: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  configs?: { source: string; target: string }[];
  depends_on?: Record<string, { condition: string }>;
}

/** The compose file with its anchors and merges resolved. */
export function readComposeFile(): {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { file: string }>;
} {
  return parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as never;
}

/** The services that run this project's image, by name, each with the source file its command starts. */
export function ownServices(): { name: string; service: Service; entry: string }[] {
  return Object.entries(readComposeFile().services)
    .filter(([, service]) => service.build)
    .map(([name, service]) => ({ name, service, entry: entryOf(service) }));
}

function entryOf({ command = [] }: Service): string {
  const script = command.at(-1) ?? '';
  return script.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}
