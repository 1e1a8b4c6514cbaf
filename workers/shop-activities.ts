import type { DataSource } from 'typeorm';

import { GENTLY } from '../activities/cache/cache-warming.activities';
import { createActivities } from '../activities/create-activities';
import { createGateways } from '../activities/payments/gateways';
import { createSupplierChannels } from '../activities/purchasing/supplier-channels';
import { createSmsProviders } from '../activities/sms/sms-providers';
import { createCodePeppers } from '../entities/auth/code-peppers';
import { replyAddress } from '../entities/purchasing/reply-address';
import { makeReportToken, reportAddress } from '../entities/sms/report-token';
import { CampaignsConfig } from '../platform/config/campaigns';
import { CheckoutConfig } from '../platform/config/checkout';
import { CodesConfig } from '../platform/config/codes';
import { DatabaseMaintenanceConfig } from '../platform/config/database';
import { KavenegarConfig } from '../platform/config/kavenegar';
import type { Config } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { PurchasingConfig, SupplierSecretsConfig } from '../platform/config/purchasing';
import { RetentionConfig } from '../platform/config/retention';
import { SmsCallbackConfig, SmsConfig } from '../platform/config/sms';
import { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import { SmsIrConfig } from '../platform/config/sms-ir';
import { TwilioConfig } from '../platform/config/twilio';
import { WarmingConfig, WarmingSecretsConfig } from '../platform/config/warming';
import { ZarinpalConfig } from '../platform/config/zarinpal';
import type { Metrics } from '../platform/metrics';
import { createShortTokens } from '../platform/short-token';
import { createSignedTokens } from '../platform/signed-token';
import type { ObjectStorage } from '../platform/storage/object-storage';
import { createWebhookSecrets } from '../platform/supplier-secrets';
import { checkoutTerms } from '../temporal/checkout';
import { smsTiming } from '../temporal/sms';
import { verificationLimits } from '../temporal/verification';

/** The sections of the configuration that the steps are built from. */
export const STEP_SECTIONS = {
  campaigns: CampaignsConfig,
  checkout: CheckoutConfig,
  codes: CodesConfig,
  maintenance: DatabaseMaintenanceConfig,
  publicAddress: PublicAddressConfig,
  retention: RetentionConfig,
  zarinpal: ZarinpalConfig,
  sms: SmsConfig,
  smsCallback: SmsCallbackConfig,
  smsDelivery: SmsDeliveryConfig,
  smsIr: SmsIrConfig,
  kavenegar: KavenegarConfig,
  twilio: TwilioConfig,
  purchasing: PurchasingConfig,
  supplierSecrets: SupplierSecretsConfig,
  warming: WarmingConfig,
  warmingSecrets: WarmingSecretsConfig,
};

/** What the steps reach beside providers. */
export interface ShopNeighbours {
  readonly database: DataSource;
  readonly storage: ObjectStorage;
  readonly metrics: Metrics;
}

/** Every step of the shop, with its configured gateways and SMS providers. The worker's process and the tests build them here. */
export function createShopActivities(
  {
    campaigns,
    checkout,
    codes,
    publicAddress,
    smsCallback,
    smsDelivery,
    purchasing,
    supplierSecrets,
    retention,
    warming,
    warmingSecrets,
    maintenance,
    ...providers
  }: Config<typeof STEP_SECTIONS>,
  { database, storage, metrics }: ShopNeighbours,
): ReturnType<typeof createActivities> {
  const { publicUrl } = publicAddress;
  const secrets = createWebhookSecrets(supplierSecrets.supplierKeys);
  const reportTokens = createSignedTokens(smsCallback.smsCallbackSecrets);
  return createActivities({
    database,
    gateways: createGateways(providers),
    storage,
    metrics,
    payment: { publicUrl },
    smsProviders: createSmsProviders(providers),
    sms: {
      publicUrl,
      reportUrl: (messageId, attemptId) => {
        const token = makeReportToken(reportTokens, { messageId, attemptId });
        return reportAddress(publicUrl, token);
      },
    },
    campaigns: {
      publicUrl,
      links: createShortTokens(smsCallback.smsCallbackSecrets),
      provider: campaigns.campaignProvider ?? providers.sms.smsProviders[0]!,
      atMost: campaigns.campaignBatch,
      perSecond: campaigns.campaignPerSecond,
      isNightAllowed: campaigns.campaignAtNight,
      overdueByMs: campaigns.campaignOverdueMs,
      findAfterMs: smsTiming(smsDelivery).findAfterMs,
      reportAfterMs: [5 * 60_000, 30 * 60_000, 24 * 3_600_000],
      clock: () => new Date(),
    },
    stockAlerts: { timing: smsTiming(smsDelivery), clock: () => new Date() },
    tickets: { clock: () => new Date() },
    notifications: { timing: smsTiming(smsDelivery), clock: () => new Date() },
    smsSweep: { overdueByMs: smsDelivery.smsOverdueMs, timing: smsTiming(smsDelivery) },
    codes: { peppers: createCodePeppers(codes.codePeppers), limits: verificationLimits(codes) },
    purchasing: {
      channels: createSupplierChannels(purchasing, secrets, (supplierId) =>
        replyAddress(publicUrl, supplierId),
      ),
      secrets,
      overdueByMs: purchasing.purchaseOrderOverdueMs,
      patience: {
        remindAfterMs: purchasing.approvalReminderMs,
        escalateAfterMs: purchasing.approvalEscalationMs,
      },
    },
    upkeep: { remindOfDraftsAfterMs: purchasing.transferDraftReminderMs },
    databaseMaintenanceUrl: maintenance.databaseMaintenanceUrl,
    cartReminders: { ...checkout, timing: smsTiming(smsDelivery), clock: () => new Date() },
    retention: { ...retention, cartLifetimeMs: checkout.cartLifetimeMs },
    warming: {
      ...GENTLY,
      url: warming.warmingUrl ?? publicUrl,
      tokens: createSignedTokens(warmingSecrets.warmingSecrets),
      addresses: warming.warmingAddresses,
      ms: warming.warmingSeconds * 1_000,
      atOnce: warming.warmingAtOnce,
    },
    sweep: {
      wakeCallbacksAfterMs: checkout.wakeCallbacksAfterMs,
      overdueByMs: checkout.workflowOverdueMs,
      checkout: checkoutTerms(checkout),
    },
  });
}
