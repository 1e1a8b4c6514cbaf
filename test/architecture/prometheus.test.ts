import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { readComposeFile, ROOT } from './compose-file';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly docs: string };
}

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const RULES = (parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);

/** The metrics of the code with their labels, by the calls that make them. */
function knownMetrics(): Map<string, string> {
  const sources = ['activities', 'api', 'platform', 'realtime', 'temporal', 'workers'].flatMap((room) =>
    readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(path.join(room, file))),
  );
  return new Map(
    sources
      .flatMap((source) => [
        ...source.matchAll(
          /\.(?:counter|gauge|histogram)\(\s*'(\w+)'(?:(?:(?!\.(?:counter|gauge|histogram)\()[^[\]]){0,300}\[([^\]]*)\])?/g,
        ),
      ])
      .map(([, name, labels = '']) => [name!, labels]),
  );
}

/** The names of metrics in an expression: words that are neither functions, keywords nor labels. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '')
    .replaceAll(/\boffset\s+\w+/g, '');
  const keywords = new Set(['or', 'and', 'unless', 'by', 'without']);
  return [...bare.matchAll(/\b([a-z_]\w*)\b(?!\s*\()/g)]
    .map(([, word]) => word!)
    .filter((it) => !keywords.has(it));
}

test('every alert asks for metrics and labels that exist', () => {
  const known = knownMetrics();
  for (const { alert, expr } of RULES) {
    const metrics = metricsIn(expr).map((name) => name.replace(/_(?:count|sum|bucket)$/, ''));
    expect(metrics.length, alert).toBeGreaterThan(0);
    for (const metric of metrics) expect([...known.keys()], `${alert} asks for it`).toContain(metric);
    const labels = [...expr.matchAll(/\bby\s*\((\w+)\)|\{(\w+)[=!~]/g)].map(([, by, where]) => by ?? where!);
    for (const label of labels) {
      const has = metrics.some((metric) => known.get(metric)!.includes(`'${label}'`));
      expect(has, `${alert} asks for the label ${label}`).toBe(true);
    }
  }
});

test('no metric has a label that Prometheus gives itself, and would rename', () => {
  const taken = [...knownMetrics()].filter(([, labels]) => /'(?:job|instance)'/.test(labels));
  expect(taken.map(([name]) => name)).toEqual([]);
});

test('every alert is well formed, says what it means and leads to a page', () => {
  expect(RULES.map(({ alert }) => alert)).toEqual([...new Set(RULES.map(({ alert }) => alert))]);
  expect(RULES.map(({ alert }) => alert)).toEqual(expect.arrayContaining(['JobFailed', 'JobHasNotRun']));
  for (const { alert, expr, for: duration = '1m', labels, annotations } of RULES) {
    for (const [open, close] of ['()', '{}', '[]'])
      expect(expr.split(open!).length, `${alert} ${open}`).toBe(expr.split(close!).length);
    expect(duration, alert).toMatch(/^\d+[smh]$/);
    expect(['warning', 'critical'], alert).toContain(labels.severity);
    expect(annotations.summary.length * annotations.description.length, alert).toBeGreaterThan(0);
    const [file, heading] = annotations.docs.split('#');
    expect(existsSync(path.join(ROOT, file!)), annotations.docs).toBe(true);
    const headings = [...read(file!).matchAll(/^#+ (.*)$/gm)].map(([, it]) =>
      it!
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    if (heading) expect(headings, alert).toContain(heading);
  }
});

test('Prometheus finds the rules where its configuration says, and every process that has metrics', () => {
  const config = parse(read('deploy/prometheus/prometheus.yml')) as {
    rule_files: string[];
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const { services, configs } = readComposeFile();
  const mounted = services['prometheus']!.configs!.map(({ source, target }) => [
    target,
    configs[source]!.file,
  ]);
  expect(Object.fromEntries(mounted)).toEqual({
    '/etc/prometheus/prometheus.yml': './deploy/prometheus/prometheus.yml',
    [config.rule_files[0]!]: './deploy/prometheus/alerts.yml',
  });
  const targets = config.scrape_configs.flatMap((it) => it.static_configs.flatMap((at) => at.targets));
  expect(targets).toEqual(['api:9464', 'worker:9465', 'worker:9466', 'realtime-1:9467', 'realtime-2:9467']);
  expect(services['api']!.environment).toMatchObject({ METRICS_HOST: '0.0.0.0' });
  expect(services['worker']!.environment).toMatchObject({ WORKER_METRICS_HOST: '0.0.0.0' });
  for (const node of ['realtime-1', 'realtime-2']) {
    expect(services[node]!.environment).toMatchObject({ REALTIME_METRICS_HOST: '0.0.0.0' });
  }
});
