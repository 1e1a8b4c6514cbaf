import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';

const FOLDER = path.join(__dirname, 'histories');
const SCRIPTS = path.join(__dirname, 'record');
const PROJECT = path.join(__dirname, '../..');

/** A recorded run of a workflow. */
export interface RecordedHistory {
  /** The workflow and the path that it took, such as `checkout/paid`. */
  readonly name: string;
  readonly history: History;
}

/** Every recorded history, by name. */
export function recordedHistories(): RecordedHistory[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.replaceAll(path.sep, '/').replace(/\.json$/, ''),
      history: historyFromJSON(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The names of the histories that the scripts in `record/` keep. */
export function recordableNames(): string[] {
  return readdirSync(SCRIPTS)
    .flatMap((script) => {
      const kept = readFileSync(path.join(SCRIPTS, script), 'utf8').matchAll(
        /\bkeep(?:History)?\('([\w-]+)'/g,
      );
      return Array.from(kept, ([, name]) => `${path.basename(script, '.ts')}/${name}`);
    })
    .toSorted();
}

/**
 * Writes a history to the folder of its workflow, as Temporal's own tools do, but without the name of the recording machine
 * and the project's path on it. A replay needs neither.
 */
export function keepHistory(name: string, history: History): void {
  const text = JSON.stringify(JSON.parse(historyToJSON(history)), withoutIdentity, 1)
    .replaceAll(PROJECT, '')
    .replaceAll(hostname(), 'worker');
  const folder = path.join(FOLDER, folderOf(history));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), `${text}\n`);
}

/** Runs a workflow without input to its end, and returns what it did. */
export async function runOf(temporal: Client, workflow: string, taskQueue: string): Promise<History> {
  const handle = await temporal.workflow.start(workflow, {
    workflowId: `recorded-${workflow}-job`,
    taskQueue,
  });
  await handle.result();
  return handle.fetchHistory();
}

/** The workflow's type in kebab-case: `paymentSweep` is in `payment-sweep`. */
function folderOf({ events }: History): string {
  const type = events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  return type.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function withoutIdentity(key: string, value: unknown): unknown {
  return key === 'identity' ? 'worker' : value;
}

/** The decoded payloads of a history: the only part that is not plain text in the file. */
export function payloadsOf(history: unknown): string[] {
  if (typeof history !== 'object' || history === null) return [];
  if (history instanceof Uint8Array) return [Buffer.from(history).toString('utf8')];
  return Object.values(history).flatMap(payloadsOf);
}
