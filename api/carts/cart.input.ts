import { IsInt, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';

const MOST_UNITS = 1_000_000;

/** Units of a variant to add to the cart. */
export class AddLineInput {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @Id()
  variantId!: string;

  @Example(1)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The new quantity of a line. */
export class SetQuantityInput {
  @Example(1)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The state of the cart that the guest has seen. */
export class AcknowledgeInput {
  /** The `version` that the cart had when it was shown. */
  @Example(2)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version!: number;
}

/** A line of the cart. */
export class LineParams {
  @Example('ba5a2561-6e3a-820e-8548-e1c3f57699d8')
  @Id()
  variantId!: string;
}
