import { validateSync } from 'class-validator';

import { readVariable, type Environment } from './environment';
import { problemsOfSecrets, type GivenSecret } from './secret-rules';
import { settingsOf, type DeclaredSetting } from './setting';

type SectionClass = (new () => object) & {
  /** A section whose credentials are not always needed says when; in production the others may have development values. */
  readonly isUsed?: (loaded: readonly object[]) => boolean;
  /** What is wrong with settings of this section beside those of others, each with the name of its variable. */
  readonly problemsBeside?: (loaded: readonly object[]) => readonly string[];
};
type Sections = Readonly<Record<string, SectionClass>>;

/** One validated instance per requested section. */
export type Config<S extends Sections> = { readonly [Name in keyof S]: InstanceType<S[Name]> };

/** The configuration cannot be used; the message lists every problem of every section. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the sections that a process needs from the environment. An absent or empty variable leaves the default. Throws
 * {@link ConfigError} with all problems at once, including every setting that is unsafe in production.
 */
export function loadConfig<S extends Sections>(
  sections: S,
  environment: Environment = process.env,
): Config<S> {
  const problems: string[] = [];
  const loaded = Object.entries(sections).map(([name, Section]) => {
    const section = new Section();
    problems.push(...fill(section, Section, environment));
    return [name, section] as const;
  });
  const all = loaded.map(([, section]) => section);
  problems.push(...all.flatMap((section) => classOf(section).problemsBeside?.(all) ?? []));
  if (environment.NODE_ENV === 'production') {
    const used = all.filter((section) => classOf(section).isUsed?.(all) ?? true);
    problems.push(...used.flatMap(unsafe), ...problemsOfSecrets(used.flatMap(givenSecrets)));
  }
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return Object.fromEntries(loaded) as Config<S>;
}

/** The values of all secrets of these sections, for the logger to hide. */
export function secretsOf(config: Readonly<Record<string, object>>): string[] {
  return Object.values(config).flatMap((section) =>
    settingsOf(classOf(section))
      .filter((setting) => setting.secret)
      .flatMap((setting) => (section as Record<string, unknown>)[setting.property])
      .filter((value): value is string => typeof value === 'string' && value.length > 0),
  );
}

function fill(section: object, Section: SectionClass, environment: Environment): string[] {
  const settings = settingsOf(Section);
  const values = section as Record<string, unknown>;
  const defaults = { ...values };
  const problems: string[] = [];
  const unreadable = new Set<string>();

  for (const setting of settings) {
    try {
      const text = readVariable(environment, setting);
      if (text !== undefined) values[setting.property] = parse(text, setting, defaults[setting.property]);
    } catch (error) {
      unreadable.add(setting.property);
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (const failure of validateSync(section)) {
    const setting = settings.find(({ property }) => property === failure.property);
    if (!setting || unreadable.has(setting.property)) continue;
    problems.push(
      describeFailure(setting, values[setting.property], Object.values(failure.constraints ?? {})),
    );
  }
  return problems;
}

function parse(text: string, setting: DeclaredSetting, initial: unknown): unknown {
  const kind = setting.kind ?? kindOf(initial);
  if (kind === 'text') return text;
  if (kind === 'list') return splitList(text);
  if (kind === 'number') {
    if (/^-?\d{1,15}(\.\d{1,6})?$/.test(text)) return Number(text);
    throw new Error(`${setting.variable} must be a number`);
  }
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Error(`${setting.variable} must be true or false`);
}

function kindOf(initial: unknown): NonNullable<DeclaredSetting['kind']> {
  if (Array.isArray(initial)) return 'list';
  if (typeof initial === 'number') return 'number';
  return typeof initial === 'boolean' ? 'flag' : 'text';
}

function splitList(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function describeFailure(setting: DeclaredSetting, value: unknown, failures: readonly string[]): string {
  if (value === undefined) return `${setting.variable} is missing: ${setting.sentence}`;
  const reasons = failures.map((failure) => failure.replace(setting.property, setting.variable)).join(', ');
  return setting.secret ? reasons : `${reasons} (it is ${JSON.stringify(value)})`;
}

function unsafe(section: object): string[] {
  return settingsOf(classOf(section)).flatMap((setting) => {
    const reason = setting.unsafeInProduction?.((section as Record<string, unknown>)[setting.property]);
    return reason ? [`${setting.variable} ${reason}`] : [];
  });
}

function givenSecrets(section: object): GivenSecret[] {
  const Section = classOf(section);
  const defaults = new Section() as Record<string, unknown>;
  return settingsOf(Section)
    .filter(({ secret }) => secret)
    .map(({ property, variable }) => {
      const values = [(section as Record<string, unknown>)[property]]
        .flat()
        .filter((value) => typeof value === 'string');
      return {
        variable,
        values,
        defaults: [defaults[property]].flat(),
        isAddress: values.some((value) => /^\w+:\/\//.test(value)),
      };
    });
}

function classOf(section: object): SectionClass {
  return section.constructor as SectionClass;
}
