import { Type } from 'class-transformer';
import { IsBoolean, IsString, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { money } from '../../entities/values/money';
import { MoneyView } from '../../entities/values/money.view';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import type { PublicRouter } from '../router-kinds';
import { DEFAULT_GATEWAY } from './chosen-gateway';

/** A way to pay. */
export class GatewayView {
  /** What checkout and another payment page take as `gateway`. */
  @Example('zarinpal')
  @IsString()
  name!: string;

  /** Whether it is used when the buyer names none. */
  @IsBoolean()
  isDefault!: boolean;

  /** The least that it takes. An order that costs nothing needs no gateway. */
  @ValidateNested()
  @Type(() => MoneyView)
  minimum!: MoneyView;

  @ValidateNested()
  @Type(() => MoneyView)
  maximum!: MoneyView;
}

/** The ways to pay, for a storefront that lets its buyers choose. */
export function gatewaysRoutes(router: PublicRouter, { inbound }: Pick<Dependencies, 'inbound'>): void {
  const gateways = Array.from(inbound, ([name, { limits }]): GatewayView => ({
    name,
    isDefault: name === DEFAULT_GATEWAY,
    minimum: money(limits.minimum, limits.currency),
    maximum: money(limits.maximum, limits.currency),
  }));

  router.get(
    '/payments/gateways',
    [
      describeRoute({
        operation: 'listGateways',
        tag: 'payments',
        summary: 'The gateways and the amounts that they take',
        answers: { 200: [GatewayView] },
      }),
      rateLimit('catalog'),
    ],
    () => ({ status: 200, body: gateways }),
  );
}
