import type { Section } from './settings-sections';

type Shown = Section['settings'][number];

const HEAD = `# Every setting of the shop with its default, or an example where there is none.
# What each process reads is in docs/configuration.md. Empty means "not set".
# A secret may come from a file instead: NAME_FILE=/run/secrets/name.
`;

/** The text of `.env.example`. A variable that two sections read stands where it comes first. */
export function renderEnvExample(sections: readonly Section[]): string {
  const seen = new Set<string>();
  const blocks = sections.map(({ title, sentence, settings }) => {
    const fresh = settings.filter(({ variable }) => !seen.has(variable));
    fresh.forEach(({ variable }) => seen.add(variable));
    if (fresh.length === 0) return '';
    const lines = fresh.map((setting) => `# ${setting.sentence}\n${setting.variable}=${valueOf(setting)}\n`);
    return `# ---- ${title}: ${sentence}\n\n${lines.join('\n')}`;
  });
  return [HEAD, ...blocks.filter(Boolean)].join('\n');
}

/** The tables of `docs/configuration.md`. */
export function renderSettingsTables(sections: readonly Section[]): string {
  return sections
    .map(({ file, title, sentence, settings }) => {
      const rows = settings.map(
        (setting) => `| ${code(setting.variable)} | ${defaultOf(setting)} | ${setting.sentence} |`,
      );
      return [
        `### ${title}`,
        '',
        `${sentence} (${code(file)})`,
        '',
        '| variable | default | |',
        '|---|---|---|',
        ...rows,
        '',
      ].join('\n');
    })
    .join('\n');
}

function valueOf({ initial, example }: Shown): string {
  return initial ?? example ?? '';
}

function defaultOf({ initial, secret, example }: Shown): string {
  const shown = initial === undefined ? (example ? 'required' : 'none') : code(initial);
  return secret ? `${shown}, secret` : shown;
}

function code(text: string): string {
  return '`' + text + '`';
}
