import type { DataSource } from 'typeorm';

import { createActivities } from '../activities/create-activities';
import { createGateways, type GatewaysConfig } from '../activities/payments/gateways';
import type { CheckoutConfig } from '../platform/config/checkout';
import type { PublicAddressConfig } from '../platform/config/public-address';
import type { Metrics } from '../platform/metrics';
import { checkoutTerms } from '../temporal/checkout';

/** The sections of the configuration that the steps are built from. */
export interface StepSettings extends GatewaysConfig {
  readonly checkout: CheckoutConfig;
  readonly publicAddress: PublicAddressConfig;
}

/** Every step of the shop, with its configured gateways. The worker's process and the tests build them here. */
export function createShopActivities(
  { checkout, publicAddress, ...gateways }: StepSettings,
  database: DataSource,
  metrics: Metrics,
): ReturnType<typeof createActivities> {
  return createActivities({
    database,
    gateways: createGateways(gateways),
    metrics,
    payment: { publicUrl: publicAddress.publicUrl },
    sweep: {
      wakeCallbacksAfterMs: checkout.wakeCallbacksAfterMs,
      overdueByMs: checkout.workflowOverdueMs,
      checkout: checkoutTerms(checkout),
    },
  });
}
