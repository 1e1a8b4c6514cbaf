import { IsInt, IsUUID, Max, Min } from 'class-validator';

const MOST_UNITS = 1_000_000;

/** Units of a variant to add to the cart. */
export class AddLineInput {
  @IsUUID()
  variantId!: string;

  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The new quantity of a line. */
export class SetQuantityInput {
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The state of the cart that the guest has seen. */
export class AcknowledgeInput {
  /** The `version` that the cart had when it was shown. */
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version!: number;
}

/** A line of the cart. */
export class LineParams {
  @IsUUID()
  variantId!: string;
}
