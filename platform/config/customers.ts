import { IsBoolean, IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** What customers may say of themselves, and how their numbers change. */
export class CustomersConfig {
  @Setting(
    'Whether postal codes are refused that the post cannot have given out; false takes any ten digits.',
  )
  @IsBoolean()
  strictPostalCodes = true;

  @Setting(
    'How many milliseconds the owner of a lost number has to object after staff have approved another one.',
  )
  @IsInt()
  @Min(1_000)
  @Max(2_592_000_000)
  lostNumberWaitMs = 259_200_000;
}
