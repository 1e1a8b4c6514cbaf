import type { JobRecord } from '../../entities/jobs/read-runs';
import type { Judged, KindFigures } from '../../platform/response-cache/response-cache';
import type { AnswerKind } from '../answers/answer-kinds';
import type { EntryView, KindView, WarmingProgressView, WarmingView } from './cache.view';

export function presentKind({ kind, served, ...kept }: KindFigures<AnswerKind>): KindView {
  const { l1, l2, load, stale, bypass } = served;
  const all = l1 + l2 + load + stale + bypass;
  return { kind, hitRatio: all === 0 ? null : (l1 + l2) / all, ...kept, served };
}

export function presentEntry({ entry, isValid }: Judged): EntryView {
  return {
    name: entry.name,
    tags: [...entry.tags],
    bytes: entry.bytes.length,
    gzipBytes: entry.gzip?.length ?? null,
    etag: entry.etag,
    freshUntil: new Date(entry.freshUntil).toISOString(),
    isValid,
    snapshot: entry.stamp.text,
  };
}

export function presentWarming(
  { state, startedAt, endedAt, result, error }: NonNullable<JobRecord['last']>,
  progress: WarmingProgressView | null,
): WarmingView {
  return {
    // Skipped runs are not read.
    state: state as WarmingView['state'],
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    progress: progress && { isChecking: progress.isChecking, at: progress.at, addresses: progress.addresses },
    result: result as WarmingView['result'],
    error,
  };
}
