import { IsString } from 'class-validator';

import { Example } from '../../entities/describe/example';

/** Whose callback it is. */
export class GatewayParams {
  @Example('zarinpal')
  @IsString()
  gateway!: string;
}

/** Which result: the token that came with the callback. */
export class ResultParams {
  @Example('the-result-of-a-callback')
  @IsString()
  token!: string;
}
