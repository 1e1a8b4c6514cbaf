import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { describe, expect, test } from 'vitest';

import { createActivities, type ActivityDependencies } from '../../activities/create-activities';
import { createMetrics } from '../../platform/metrics';
import { quietRuntime, workflowBundlePath } from '../support/workflow-runtime';
import { payloadsOf, recordableNames, recordedHistories, type RecordedHistory } from './history-files';

const PROJECT = path.join(__dirname, '../..');
const HISTORIES = recordedHistories();

/** The names of the paths that these workflows do not replay. */
async function failures(
  bundle: Pick<WorkflowBundleWithSourceMap, 'code'>,
  histories: readonly RecordedHistory[] = HISTORIES,
): Promise<string[]> {
  quietRuntime();
  const failed: string[] = [];
  const replayed = Worker.runReplayHistories(
    { workflowBundle: bundle },
    histories.map(({ name, history }) => ({ workflowId: name, history })),
  );
  for await (const { workflowId, error } of replayed) if (error) failed.push(workflowId);
  return failed.toSorted();
}

/** The workflows with one passage replaced. */
async function mutated(file: string, passage: string, otherwise: string) {
  const tree = mkdtempSync(path.join(realpathSync(tmpdir()), 'asoud-mutated-'));
  try {
    symlinkSync(path.join(PROJECT, 'node_modules'), path.join(tree, 'node_modules'), 'junction');
    mkdirSync(path.join(tree, 'workflows'));
    cpSync(path.join(PROJECT, 'workflows'), path.join(tree, 'workflows'), { recursive: true });
    const changed = path.join(tree, 'workflows', file);
    const text = readFileSync(changed, 'utf8');
    expect(text.split(passage), `${file} has the passage once`).toHaveLength(2);
    writeFileSync(changed, text.replace(passage, otherwise));
    return await bundleWorkflowCode({
      workflowsPath: path.join(tree, 'workflows'),
      logger: new DefaultLogger('ERROR'),
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

describe('the recorded histories', () => {
  test('exist for every path', () => {
    expect(HISTORIES.map(({ name }) => name)).toEqual(recordableNames());
  });

  test('together hold every step, every call and every message', async () => {
    const seen = new Set(HISTORIES.flatMap(namesIn));

    expect([...seen].toSorted()).toEqual(await stepsAndMessages());
  });

  test('name no person and no machine', () => {
    const personal = /\b\d{16}\b|\b09\d{9}\b|\+98\d+|[\w.-]+@[\w-]+\.[a-z]{2,}/g;
    const found = HISTORIES.map(({ name, history }) => {
      const text = `${JSON.stringify(history)}\n${payloadsOf(history).join('\n')}`;
      const identities = [...text.matchAll(/"identity":"(?!worker")[^"]+"/g)].map(([it]) => it);
      return { name, found: [...(text.match(personal) ?? []), ...identities] };
    });
    expect(found.filter(({ found }) => found.length > 0)).toEqual([]);
  });
});

describe('the workflows as they are', () => {
  test('replay every path as it was recorded', async () => {
    expect(await failures((await workflowBundlePath()) as WorkflowBundleWithSourceMap)).toEqual([]);
  });
});

describe('a careless change of a workflow is noticed', () => {
  const paid = HISTORIES.filter(({ name }) => name === 'checkout/paid' || name === 'checkout/verify-unknown');

  test('but not a change of words that only people read', async () => {
    const bundle = await mutated('checkout/operator-view.ts', 'Awaits payment until', 'Is waited for until');
    expect(await failures(bundle, paid)).toEqual([]);
  });

  test('when a step has another name', async () => {
    const bundle = await mutated(
      'checkout/take-payment.ts',
      'await steps.confirmOrder(',
      'await (steps as never as { settle: typeof steps.confirmOrder }).settle(',
    );
    expect(await failures(bundle, paid)).toEqual(['checkout/paid', 'checkout/verify-unknown']);
  });

  test('when a step comes before another one', async () => {
    const bundle = await mutated(
      'checkout/take-payment.ts',
      'const start = await steps.beginCapture(',
      'await run.refresh();\n  const start = await steps.beginCapture(',
    );
    expect(await failures(bundle, paid)).toEqual(['checkout/paid', 'checkout/verify-unknown']);
  });

  test('when steps are no longer local', async () => {
    const bundle = await mutated(
      'shared/local-first.ts',
      'local[name]!(input).catch(',
      'regular[name]!(input).catch(',
    );
    expect(await failures(bundle, paid)).toEqual(['checkout/paid', 'checkout/verify-unknown']);
  });

  test('when a message has another name', async () => {
    const bundle = await mutated(
      'checkout/checkout.contract.ts',
      "('paymentCallback');",
      "('buyerCameBack');",
    );
    expect(await failures(bundle, paid)).toEqual(['checkout/paid', 'checkout/verify-unknown']);
  });
});

/** Every activity that workers offer, every message of each workflow, and a cancellation in the Temporal UI. */
async function stepsAndMessages(): Promise<string[]> {
  const files = readdirSync(path.join(PROJECT, 'workflows'), { recursive: true, encoding: 'utf8' });
  const exported = await Promise.all(
    files
      .filter((file) => file.endsWith('.contract.ts'))
      .map(async (file) => ({
        workflow: path.basename(file, '.contract.ts'),
        contract: (await import(path.join(PROJECT, 'workflows', file))) as Record<string, unknown>,
      })),
  );
  const messages = exported.flatMap(({ workflow, contract }) =>
    Object.values(contract)
      .filter(isMessage)
      .map(({ type, name }) => `${workflow} ${type} ${name}`),
  );
  return [...Object.keys(createActivities(NO_NEIGHBOURS)), ...messages, 'cancel'].toSorted();
}

/** The activities are listed and never run. */
const NO_NEIGHBOURS = {
  gateways: { names: [], unsettled: new Map() },
  metrics: createMetrics(),
  payment: {},
  sweep: {},
  smsProviders: { names: [], reportReaders: new Map() },
  sms: { publicUrl: 'https://shop.example' },
  smsSweep: {},
  retention: {},
  stockAlerts: {},
  tickets: {},
  notifications: {},
  codes: {},
  purchasing: {},
  upkeep: {},
  warming: {},
} as unknown as ActivityDependencies;

function isMessage(value: unknown): value is { readonly type: string; readonly name: string } {
  const { type } = (value ?? {}) as { type?: unknown };
  return type === 'update' || type === 'signal' || type === 'query';
}

/** Steps, local and regular, and messages of a history. */
function namesIn({ name, history }: RecordedHistory): string[] {
  const workflow = path.dirname(name);
  return (history.events ?? []).flatMap((event) => {
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name;
    const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
    const regular = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const marker = event.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0]?.data;
    const local = marker && (JSON.parse(Buffer.from(marker).toString()) as { activity_type?: string });
    return [
      ...(update ? [`${workflow} update ${update}`] : []),
      ...(signal ? [`${workflow} signal ${signal}`] : []),
      ...(regular ? [regular] : []),
      ...(local?.activity_type ? [local.activity_type] : []),
      ...(event.workflowExecutionCancelRequestedEventAttributes ? ['cancel'] : []),
    ];
  });
}
