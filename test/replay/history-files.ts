import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

import type { History } from '@temporalio/common/lib/proto-utils';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';

const FOLDER = path.join(__dirname, 'histories');
const PROJECT = path.join(__dirname, '../..');

/** A recorded run of a workflow. */
export interface RecordedHistory {
  /** The path that the workflow took, such as `paid`. */
  readonly name: string;
  readonly history: History;
}

/** Every recorded history, by name. */
export function recordedHistories(): RecordedHistory[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .toSorted()
    .map((name) => ({
      name,
      history: historyFromJSON(JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'))),
    }));
}

/**
 * Writes a history as Temporal's own tools do, without the name of the recording machine and the project's path on it. A
 * replay needs neither.
 */
export function keepHistory(name: string, history: History): void {
  const text = JSON.stringify(JSON.parse(historyToJSON(history)), withoutIdentity, 1)
    .replaceAll(PROJECT, '')
    .replaceAll(hostname(), 'worker');
  writeFileSync(path.join(FOLDER, `${name}.json`), `${text}\n`);
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
