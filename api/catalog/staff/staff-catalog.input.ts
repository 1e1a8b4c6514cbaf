import { Transform } from 'class-transformer';

import { Id } from '../../../entities/input/from-text';

export const TITLE_AT_MOST = { product: 250, variant: 140, category: 200 };
export const SLUG_AT_MOST = 120;

/** White space around it goes, and letters are composed. */
export function Trimmed(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.normalize('NFC').trim() : value,
  );
}

/** Which product, variant, planned price or category. */
export class IdParams {
  @Id()
  id!: string;
}
