import type { DataSource } from 'typeorm';

import type { CodePeppers } from '../entities/auth/code-peppers';
import type { VerificationLimits } from '../entities/auth/verification-limits';
import { deriveCode } from '../entities/codes/derive-code';
import type { Metrics } from '../platform/metrics';
import type { ObjectStorage } from '../platform/storage/object-storage';
import { eachBeating } from './beating';
import { createCacheWarmingActivities, type WarmingSettings } from './cache/cache-warming.activities';
import { createCampaignReportActivities } from './campaigns/campaign-reports.activities';
import { createCampaignActivities, type CampaignSettings } from './campaigns/campaign.activities';
import { createCheckoutActivities } from './checkout/checkout.activities';
import { createVerificationActivities } from './codes/verification.activities';
import { createNumberChangeActivities } from './customers/number-change.activities';
import { createCatalogImportActivities } from './imports/catalog-import.activities';
import { createStockAlertActivities, type StockAlertSettings } from './inventory/stock-alert.activities';
import { auditHeldStock } from './jobs/audit';
import { createJobRunActivities } from './jobs/job-run.activities';
import { createJobActivities } from './jobs/job.activities';
import { maintain } from './jobs/maintain';
import { refreshPrices } from './jobs/refresh-prices';
import { remindOfCarts, type CartReminderSettings } from './jobs/remind-of-carts';
import { retain, type RetentionSettings } from './jobs/retain';
import { rollUpAnalytics, type RollUpSettings } from './jobs/roll-up-analytics';
import { showSwitchedLocations } from './jobs/show-switched-locations';
import { sweepAttachments } from './jobs/sweep-attachments';
import { sweepTickets } from './jobs/sweep-tickets';
import { createNotifyActivities, type NotifySettings } from './notifications/notify.activities';
import { createAlertActivities } from './operations/alert.activities';
import type { Gateways } from './payments/gateways';
import { createPaymentSweepActivities, type SweepSettings } from './payments/payment-sweep.activities';
import { createPaymentActivities, type PaymentSettings } from './payments/payment.activities';
import { createPictureActivities } from './pictures/picture.activities';
import { createPurchasingActivities, type PurchasingSettings } from './purchasing/purchasing.activities';
import { createRecommendationActivities } from './recommendations/recommendations.activities';
import { createReplenishmentActivities } from './replenishment/replenishment.activities';
import { createUpkeepActivities, type UpkeepSettings } from './replenishment/upkeep.activities';
import type { SmsProviders } from './sms/sms-providers';
import { createSmsSweepActivities, type SmsSweepSettings } from './sms/sms-sweep.activities';
import { createSmsActivities, type SmsSettings } from './sms/sms.activities';
import { createSteps } from './step';
import { createTicketSlaActivities } from './support/ticket-sla.activities';

export interface ActivityDependencies {
  readonly database: DataSource;
  readonly gateways: Gateways;
  readonly storage: ObjectStorage;
  readonly metrics: Metrics;
  readonly payment: PaymentSettings;
  readonly sweep: SweepSettings;
  readonly smsProviders: SmsProviders;
  readonly sms: SmsSettings;
  readonly smsSweep: SmsSweepSettings;
  readonly campaigns: CampaignSettings;
  readonly stockAlerts: StockAlertSettings;
  /** The present, for the clocks of tickets. */
  readonly tickets: { readonly clock: () => Date };
  readonly notifications: NotifySettings;
  readonly purchasing: PurchasingSettings;
  readonly upkeep: UpkeepSettings;
  readonly retention: RetentionSettings & RollUpSettings;
  readonly warming: WarmingSettings;
  readonly cartReminders: CartReminderSettings;
  /** Of the role that maintains the database. */
  readonly databaseMaintenanceUrl: string | undefined;
  readonly codes: { readonly peppers: CodePeppers; readonly limits: VerificationLimits };
}

/** Every step that workflows may ask for, by name. */
export function createActivities(
  dependencies: ActivityDependencies,
): Record<string, (input: never) => Promise<unknown>> {
  const { database, gateways, storage, metrics, payment, sweep, stockAlerts, codes } = dependencies;
  const {
    smsProviders,
    sms,
    smsSweep,
    purchasing,
    upkeep,
    retention,
    cartReminders,
    databaseMaintenanceUrl,
  } = dependencies;
  const steps = createSteps(database);
  return merge(
    createCheckoutActivities(steps, gateways),
    createPaymentActivities(gateways, payment),
    eachBeating(createPaymentSweepActivities(database, gateways, metrics, sweep)),
    createSmsActivities(steps, database, smsProviders, metrics, sms, (verificationId) =>
      deriveCode(database.manager, verificationId, codes.peppers),
    ),
    eachBeating(createSmsSweepActivities(database, smsProviders, metrics, smsSweep)),
    createCampaignActivities(steps, database, smsProviders, metrics, dependencies.campaigns),
    createCampaignReportActivities(database, smsProviders, dependencies.campaigns),
    createVerificationActivities(steps, metrics, codes.limits),
    createNumberChangeActivities(steps),
    createPictureActivities(steps, database, storage, metrics),
    createCatalogImportActivities(steps, database),
    createStockAlertActivities(steps, stockAlerts),
    createTicketSlaActivities(steps, dependencies.tickets),
    createNotifyActivities(steps, metrics, dependencies.notifications),
    createRecommendationActivities(database),
    createPurchasingActivities(steps, database, metrics, purchasing),
    createReplenishmentActivities(steps),
    createUpkeepActivities(database, metrics, upkeep),
    createCacheWarmingActivities(database, metrics, dependencies.warming),
    createJobRunActivities(database, metrics),
    createJobActivities({
      'attachment-sweep': sweepAttachments(database, storage),
      'listed-prices': refreshPrices(database),
      'switched-locations': showSwitchedLocations(database),
      'ticket-sweep': sweepTickets(database, metrics, dependencies.tickets),
      'analytics-rollup': rollUpAnalytics(database, retention),
      retention: retain(database, retention, metrics),
      'hold-audit': auditHeldStock(database, metrics),
      'cart-abandonment': remindOfCarts(database, cartReminders),
      'database-maintenance': maintain(databaseMaintenanceUrl, metrics),
    }),
    createAlertActivities(metrics),
  );
}

/** Refuses duplicate names: one of the two steps would silently shadow the other. */
function merge(...groups: readonly object[]): Record<string, (input: never) => Promise<unknown>> {
  const merged: Record<string, (input: never) => Promise<unknown>> = {};
  for (const [name, activity] of groups.flatMap((group) => Object.entries(group))) {
    if (name in merged) throw new Error(`two activities are called ${name}`);
    merged[name] = activity;
  }
  return merged;
}
