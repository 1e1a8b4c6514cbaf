import type { FoundHold } from '../../entities/checkout/audit-holds';
import type { LevelState, MovementState } from '../../entities/inventory/read-levels';
import { unitsOf, valueOf, type OwnApproval } from '../../entities/stocktaking/approve-count';
import type { CountLineState, CountState } from '../../entities/stocktaking/read-counts';
import type { TransferState } from '../../entities/transfers/read-transfers';
import type { CountSummaryView, CountView } from './counts.view';
import type { LevelView, MovementView } from './levels.view';
import type { FoundHoldView } from './shipping.view';
import type { TransferView } from './transfers.view';

export function presentLevel(level: LevelState): LevelView {
  return { ...level, free: level.onHand - level.reserved };
}

export function presentMovement({ at, ...movement }: MovementState): MovementView {
  return { ...movement, at: at.toISOString() };
}

export function presentTransfer(transfer: TransferState): TransferView {
  const { createdAt, shippedAt, endedAt } = transfer;
  return {
    ...transfer,
    createdAt: createdAt.toISOString(),
    shippedAt: shippedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export function presentCountSummary({ lines, createdAt, endedAt, ...count }: CountState): CountSummaryView {
  return {
    ...count,
    lineCount: lines,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export function presentCount(
  count: CountState,
  lines: readonly CountLineState[],
  { mostUnits, mostValue }: OwnApproval,
): CountView {
  const [differingUnits, differingValue] = [unitsOf(lines), valueOf(lines)];
  return {
    ...presentCountSummary(count),
    lines: lines.map(({ price: _price, ...line }) => line),
    differingUnits,
    differingValue,
    needsAnother: differingUnits > mostUnits || differingValue > mostValue,
  };
}

export function presentHold({ since, ...hold }: FoundHold): FoundHoldView {
  return { ...hold, since: since?.toISOString() ?? null };
}

/** A part of a numbered list and where the next one begins. One item more than the limit was read. */
export function partOf<Item extends { readonly number: number }>(
  found: readonly Item[],
  limit: number,
): { readonly shown: readonly Item[]; readonly next: number | null } {
  const shown = found.slice(0, limit);
  return { shown, next: found.length > limit ? shown.at(-1)!.number : null };
}
