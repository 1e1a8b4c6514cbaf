import { assertThat } from '../../entities/errors';
import { isUuid } from '../../entities/values/uuid';

/** Where a part of the levels ended. */
export interface LevelPosition {
  readonly sku: string;
  readonly locationId: string;
}

/** The position as a text. It works with other filters too: it is a place in the order of all levels. */
export function writeLevelCursor({ sku, locationId }: LevelPosition): string {
  return Buffer.from(JSON.stringify([sku, locationId])).toString('base64url');
}

/** @throws AppError `stock.cursor_invalid` for anything but what {@link writeLevelCursor} gave */
export function readLevelCursor(cursor: string): LevelPosition {
  const parts = parsed(Buffer.from(cursor, 'base64url').toString());
  const [sku, locationId] = Array.isArray(parts) ? (parts as readonly unknown[]) : [];
  const isOurs = typeof sku === 'string' && sku.length <= 64 && !sku.includes('\0');
  assertThat(isOurs && typeof locationId === 'string' && isUuid(locationId), 'stock.cursor_invalid');
  return { sku, locationId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
