import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { settingsOf, type DeclaredSetting } from '../../platform/config/setting';

const ROOT = path.join(__dirname, '../..');
/** The order of the sections in documents; files not named here come last. */
const FIRST = [
  'runtime',
  'database',
  'redis',
  'temporal',
  'public-address',
  'tokens',
  'edge',
  'api',
  'rate-limits',
  'checkout',
];

/** A class of settings as its file shows it. */
export interface Section {
  readonly file: string;
  readonly title: string;
  /** The comment above the class. */
  readonly sentence: string;
  readonly settings: readonly (DeclaredSetting & { readonly initial: string | undefined })[];
}

/** Every section of the project, found in the folder: nobody has to extend a list. */
export async function findSections(): Promise<Section[]> {
  const platform = readdirSync(path.join(ROOT, 'platform/config')).map((name) => `platform/config/${name}`);
  const files = [...platform, 'sandbox/stack/stack-config.ts'].toSorted((a, b) => rankOf(a) - rankOf(b));
  const sections = await Promise.all(files.map(readSections));
  return sections.flat();
}

async function readSections(file: string): Promise<Section[]> {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const exported = (await import(path.join(ROOT, file))) as Record<string, unknown>;
  return Array.from(
    source.matchAll(/\/\*\* (.+?) \*\/\nexport class (\w+)Config /g),
    ([, sentence, name]) => {
      const Class = exported[`${name}Config`] as new () => object;
      const initial = new Class() as Record<string, string | number | boolean | undefined>;
      return {
        file,
        title: name!.replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
        sentence: sentence!,
        settings: settingsOf(Class).map((setting) => ({
          ...setting,
          initial: initial[setting.property]?.toString(),
        })),
      };
    },
  );
}

function rankOf(file: string): number {
  const rank = FIRST.indexOf(path.basename(file, '.ts'));
  return rank === -1 ? FIRST.length : rank;
}
