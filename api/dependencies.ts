import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';

import type { InboundByGateway } from '../activities/payments/inbound';
import { createTracking, type Tracking } from '../entities/analytics/tracking';
import { createCodePeppers, type CodePeppers } from '../entities/auth/code-peppers';
import type { VerificationLimits } from '../entities/auth/verification-limits';
import { createAccessTokenReader, type AccessTokenReader } from '../platform/access-token';
import { createAuthenticators, type TotpAuthenticators } from '../platform/authenticators';
import type { AnalyticsConfig } from '../platform/config/analytics';
import type { ApiConfig } from '../platform/config/api';
import type { AuthConfig, FactorConfig } from '../platform/config/auth';
import type { CampaignPricesConfig } from '../platform/config/campaigns';
import type { CheckoutConfig } from '../platform/config/checkout';
import type { CodesConfig } from '../platform/config/codes';
import type { CustomersConfig } from '../platform/config/customers';
import type { EdgeConfig } from '../platform/config/edge';
import type { PublicAddressConfig } from '../platform/config/public-address';
import type { SupplierSecretsConfig } from '../platform/config/purchasing';
import type { RateLimitsConfig } from '../platform/config/rate-limits';
import type { SmsCallbackConfig, SmsMessagesConfig } from '../platform/config/sms';
import type { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import type { StockConfig } from '../platform/config/stock';
import type { TemporalConfig } from '../platform/config/temporal';
import type { TokensConfig } from '../platform/config/tokens';
import type { WarmingSecretsConfig } from '../platform/config/warming';
import { createKeyedHash, type KeyedHash } from '../platform/keyed-hash';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { createRateLimiter } from '../platform/rate-limit';
import { createShortTokens, type ShortTokens } from '../platform/short-token';
import { createSignedTokens, type SignedTokens } from '../platform/signed-token';
import { readSigningKeys, type SigningKeys } from '../platform/signing-keys';
import type { OpenStorage } from '../platform/storage/open-storage';
import { createWebhookSecrets, type WebhookSecrets } from '../platform/supplier-secrets';
import { withTransaction } from '../platform/transaction';
import { createCacheWarmingCalls, type CacheWarmingCalls } from '../temporal/cache-warming';
import { createCampaignCalls, type CampaignCalls } from '../temporal/campaigns';
import { createCatalogImportCalls, type CatalogImportCalls } from '../temporal/catalog-import';
import { checkoutTerms, createCheckoutCalls, type CheckoutCalls } from '../temporal/checkout';
import type { TemporalClient } from '../temporal/connection';
import type { Job } from '../temporal/jobs';
import { createNumberChangeCalls, type NumberChangeCalls } from '../temporal/number-change';
import { createPictureCalls, type PictureCalls } from '../temporal/picture';
import { createPurchaseOrderCalls, type PurchaseOrderCalls } from '../temporal/purchasing';
import { createRecommendationCalls, type RecommendationCalls } from '../temporal/recommendations';
import { createReplenishmentCalls, type ReplenishmentCalls } from '../temporal/replenishment';
import { createScheduleCalls, type ScheduleCalls } from '../temporal/schedule-calls';
import { shopJobs } from '../temporal/schedules';
import { createSmsDeliveryCalls, smsTiming, type SmsDeliveryCalls } from '../temporal/sms';
import {
  createVerificationCalls,
  verificationLimits,
  type VerificationCalls,
} from '../temporal/verification';
import type { AnswerCache } from './answers/answer-kinds';
import { createLiveSessions, type LiveSessions } from './auth/live-sessions';
import type { RecipientRules } from './me/recipient.input';

/** The sections of the configuration that the app is built from. */
export interface ApiSettings {
  readonly api: ApiConfig;
  readonly edge: EdgeConfig;
  readonly tokens: TokensConfig;
  readonly auth: AuthConfig;
  readonly factor: FactorConfig;
  readonly publicAddress: PublicAddressConfig;
  readonly rateLimits: RateLimitsConfig;
  readonly checkout: CheckoutConfig;
  readonly temporal: TemporalConfig;
  readonly customers: CustomersConfig;
  readonly stock: StockConfig;
  readonly smsMessages: SmsMessagesConfig;
  readonly smsDelivery: SmsDeliveryConfig;
  readonly smsCallback: SmsCallbackConfig;
  readonly campaignPrices: CampaignPricesConfig;
  readonly codes: CodesConfig;
  readonly supplierSecrets: SupplierSecretsConfig;
  readonly warmingSecrets: WarmingSecretsConfig;
  readonly analytics: AnalyticsConfig;
}

/** What the process opens before the app and closes after it. */
export interface Neighbours {
  readonly database: DataSource;
  /** The same database through connections of its own, for reads of the catalogue without a search. */
  readonly catalogDatabase: DataSource;
  /** The same for searches. */
  readonly searchDatabase: DataSource;
  readonly redis: Redis;
  /** Answers of the public catalogue. */
  readonly answers: AnswerCache;
  readonly temporal: Pick<TemporalClient, 'client' | 'ping'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where pictures are kept. */
  readonly storage: OpenStorage;
  /** How each gateway's callback is read. */
  readonly inbound: InboundByGateway;
  /** True from the moment the process was asked to stop. */
  readonly isStopping: () => boolean;
}

/** Everything that routes are made of. A file of routes names what it needs: `Pick<Dependencies, 'database' | 'tokens'>`. */
export interface Dependencies extends Omit<Neighbours, 'logger'> {
  readonly apiConfig: ApiConfig;
  readonly edgeConfig: EdgeConfig;
  readonly authConfig: AuthConfig;
  readonly checkoutConfig: CheckoutConfig;
  /** Signs and reads order tokens and result tokens. */
  readonly tokens: SignedTokens;
  /** Sign access tokens. The keys are in no row. */
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokenReader;
  /** Signs and reads refresh tokens. */
  readonly refreshTokens: SignedTokens;
  readonly liveSessions: LiveSessions;
  /** The second factors of staff. */
  readonly authenticators: TotpAuthenticators;
  readonly customersConfig: CustomersConfig;
  readonly stockConfig: StockConfig;
  /** How strict the shop is with recipients. */
  readonly recipientRules: RecipientRules;
  /** Turns a caller's address into a name that may be stored. */
  readonly keyedHash: KeyedHash;
  /** Calls to checkout's workflows. */
  readonly checkout: CheckoutCalls;
  /** The shop's address as others know it. */
  readonly publicUrl: string;
  readonly smsConfig: SmsMessagesConfig;
  /** Calls to the workflows of messages. */
  readonly smsDelivery: SmsDeliveryCalls;
  /** Reads the tokens in the addresses that SMS providers call. */
  readonly smsReportTokens: SignedTokens;
  /** Calls to the workflows of campaigns. */
  readonly campaigns: CampaignCalls;
  readonly campaignPrices: CampaignPricesConfig;
  /** Signs and reads the links in messages of campaigns. */
  readonly campaignLinks: ShortTokens;
  /** What one-time codes are derived with. */
  readonly codePeppers: CodePeppers;
  readonly codeLimits: VerificationLimits;
  /** Calls to the workflows of codes. */
  readonly verifications: VerificationCalls;
  /** Calls to the workflows of changes of number that wait. */
  readonly numberChanges: NumberChangeCalls;
  /** Calls to the workflows of long imports of the catalogue. */
  readonly catalogImports: CatalogImportCalls;
  /** Every recurring job. */
  readonly jobs: readonly Job[];
  /** Calls to the schedules of jobs. */
  readonly schedules: ScheduleCalls;
  /** Calls to the workflows of pictures. */
  readonly pictures: PictureCalls;
  /** Calls to the workflow that warms the cache. */
  readonly cacheWarming: CacheWarmingCalls;
  /** Reads what shows that a request warms the cache. */
  readonly warmingTokens: SignedTokens;
  /** Calls to the workflow that computes recommendations. */
  readonly recommendations: RecommendationCalls;
  /** Makes the secrets of suppliers. The worker alone signs with them. */
  readonly supplierSecrets: WebhookSecrets;
  /** Calls to the workflows of purchase orders. */
  readonly purchaseOrders: PurchaseOrderCalls;
  /** Calls to the workflows that decide about stock. */
  readonly replenishment: ReplenishmentCalls;
  /** Takes what browsers tell. */
  readonly tracking: Tracking;
}

/** Its row is stored before a message's workflow is told: nobody needs to wait long for that. */
const SMS_DEADLINE_MS = 1_000;
/** The rows of pictures and imports are stored first, too. */
const ROW_FIRST_DEADLINE_MS = 2_000;

export function createDependencies(settings: ApiSettings, neighbours: Neighbours): Dependencies {
  const { api, auth, checkout, codes, customers, temporal, publicAddress } = settings;
  const { smsMessages, smsDelivery, smsCallback } = settings;
  const signingKeys = readSigningKeys(auth.signingKeys);
  return {
    ...neighbours,
    apiConfig: api,
    edgeConfig: settings.edge,
    authConfig: auth,
    checkoutConfig: checkout,
    tokens: createSignedTokens(settings.tokens.tokenSecrets),
    signingKeys,
    accessTokens: createAccessTokenReader(signingKeys, publicAddress.publicUrl),
    refreshTokens: createSignedTokens(auth.refreshSecrets),
    liveSessions: createLiveSessions(neighbours.database),
    authenticators: createAuthenticators(settings.factor.factorKeys),
    customersConfig: customers,
    stockConfig: settings.stock,
    recipientRules: {
      strictNumbers: smsMessages.smsStrictNumbers,
      strictPostalCodes: customers.strictPostalCodes,
    },
    keyedHash: createKeyedHash(api.hashSecret),
    checkout: createCheckoutCalls(
      neighbours.temporal.client,
      checkoutTerms(checkout),
      temporal.temporalDeadlineMs,
    ),
    publicUrl: publicAddress.publicUrl,
    smsConfig: smsMessages,
    smsDelivery: createSmsDeliveryCalls(
      neighbours.temporal.client,
      smsTiming(smsDelivery),
      Math.min(temporal.temporalDeadlineMs, SMS_DEADLINE_MS),
    ),
    smsReportTokens: createSignedTokens(smsCallback.smsCallbackSecrets),
    campaigns: createCampaignCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    campaignPrices: settings.campaignPrices,
    campaignLinks: createShortTokens(smsCallback.smsCallbackSecrets),
    codePeppers: createCodePeppers(codes.codePeppers),
    codeLimits: verificationLimits(codes),
    supplierSecrets: createWebhookSecrets(settings.supplierSecrets.supplierKeys),
    purchaseOrders: createPurchaseOrderCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    replenishment: createReplenishmentCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    numberChanges: createNumberChangeCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    catalogImports: createCatalogImportCalls(
      neighbours.temporal.client,
      Math.min(temporal.temporalDeadlineMs, ROW_FIRST_DEADLINE_MS),
    ),
    jobs: shopJobs({ ...checkout, ...smsDelivery }),
    schedules: createScheduleCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    pictures: createPictureCalls(
      neighbours.temporal.client,
      Math.min(temporal.temporalDeadlineMs, ROW_FIRST_DEADLINE_MS),
    ),
    cacheWarming: createCacheWarmingCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    warmingTokens: createSignedTokens(settings.warmingSecrets.warmingSecrets),
    tracking: openTracking(settings.analytics, neighbours),
    recommendations: createRecommendationCalls(neighbours.temporal.client, temporal.temporalDeadlineMs),
    verifications: createVerificationCalls(
      neighbours.temporal.client,
      smsTiming(smsDelivery),
      temporal.temporalDeadlineMs,
    ),
  };
}

function openTracking(
  { trackingEnabled, trackingOneIn, trackingEventsPerMinute, trackingEventsPerDay }: AnalyticsConfig,
  { database, redis, logger, metrics }: Neighbours,
): Tracking {
  const events = metrics.counter('tracking_events_total', 'Events of browsers, by what became of them.', [
    'outcome',
  ]);
  return createTracking({
    isEnabled: trackingEnabled,
    oneIn: trackingOneIn,
    run: (operation) => withTransaction(database, operation),
    count: (outcome, count) => events.inc({ outcome }, count),
    limits: {
      perMinute: trackingEventsPerMinute,
      perDay: trackingEventsPerDay,
      consume: createRateLimiter(redis, logger).consumeMany,
    },
  });
}
