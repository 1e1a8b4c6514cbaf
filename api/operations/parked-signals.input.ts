import { IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';

/** Which parked signal. */
export class ParkedSignalParams {
  @Id()
  id!: string;
}

/** Which part of the parked signals. */
export class ParkedSignalsQuery {
  /** `next` of the part before; from the first on without it. */
  @Example('01990e3c-7a4b-7c1e-9d56-3f2a8b1c4d5e')
  @IsOptional()
  @Id()
  after?: string;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
