import { IsInt, IsUUID, Max, Min } from 'class-validator';

const MOST_UNITS = 1_000_000;

/** Units of a variant to add to what the cart holds of it. */
export class AddLineInput {
  @IsUUID()
  variantId!: string;

  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** How many units the line shall have. */
export class SetQuantityInput {
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The state of the cart that the guest has seen. */
export class AcknowledgeInput {
  /** `version` of the cart as it was shown. */
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
