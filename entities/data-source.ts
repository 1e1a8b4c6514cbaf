import type { MigrationInterface } from 'typeorm';

import { ANALYTICS_TABLES } from './analytics/analytics.tables';
import { AUTH_TABLES } from './auth/auth.tables';
import { AnswerCacheVersion } from './cache/answer-cache';
import { HotAddress } from './cache/hot-address';
import { CAMPAIGN_TABLES } from './campaigns/campaigns.tables';
import { CART_REMINDER_TABLES } from './cart-reminders/cart-reminders.tables';
import { CART_TABLES } from './carts/carts.tables';
import { CATALOG_TABLES } from './catalog/catalog.tables';
import { CHAT_TABLES } from './chat/chat.tables';
import { WorkflowWake } from './checkout/workflow-wake';
import { CUSTOMER_TABLES } from './customers/customers.tables';
import { ShopEvent } from './events/event';
import { JournalCursor } from './events/journal-cursor';
import { IMPORT_TABLES } from './imports/imports.tables';
import { INVENTORY_TABLES } from './inventory/inventory.tables';
import { JOB_TABLES } from './jobs/jobs.tables';
import { CreateGuards1795400000001 } from './migrations/1795400000001-create-guards';
import { CreateCatalog1795400000002 } from './migrations/1795400000002-create-catalog';
import { CreateInventory1795400000003 } from './migrations/1795400000003-create-inventory';
import { CreateProductListings1795400000004 } from './migrations/1795400000004-create-product-listings';
import { CreateCarts1795400000005 } from './migrations/1795400000005-create-carts';
import { CreateSteps1795400000006 } from './migrations/1795400000006-create-steps';
import { CreateEvents1795400000007 } from './migrations/1795400000007-create-events';
import { CreateOrders1795400000008 } from './migrations/1795400000008-create-orders';
import { CreateReservations1795400000009 } from './migrations/1795400000009-create-reservations';
import { CreatePayments1795400000010 } from './migrations/1795400000010-create-payments';
import { CreateCheckout1795400000011 } from './migrations/1795400000011-create-checkout';
import { CreateSms1795742603226 } from './migrations/1795742603226-create-sms';
import { CreateAccounts1795744000020 } from './migrations/1795744000020-create-accounts';
import { CreateVerifications1795747265005 } from './migrations/1795747265005-create-verifications';
import { CreateRoles1795799000000 } from './migrations/1795799000000-create-roles';
import { AddCodeMessages1795800010001 } from './migrations/1795800010001-add-code-messages';
import { CreateSpentWork1795800020001 } from './migrations/1795800020001-create-spent-work';
import { CreateFactors1795800030000 } from './migrations/1795800030000-create-factors';
import { CreateCustomers1795800040001 } from './migrations/1795800040001-create-customers';
import { GiveCartsAndOrdersCustomers1795800050001 } from './migrations/1795800050001-give-carts-and-orders-customers';
import { CreateRecipients1795800050002 } from './migrations/1795800050002-create-recipients';
import { CreateJournalCursors1795900010001 } from './migrations/1795900010001-create-journal-cursors';
import { ForgetErasedCodes1795900040001 } from './migrations/1795900040001-forget-erased-codes';
import { IndexTheRowsOfPeople1795900050001 } from './migrations/1795900050001-index-the-rows-of-people';
import { KeepHistoriesOfTheCatalogue1796000000001 } from './migrations/1796000000001-keep-histories-of-the-catalogue';
import { ExtendStock1796000000002 } from './migrations/1796000000002-extend-stock';
import { CreatePlannedPrices1796000100001 } from './migrations/1796000100001-create-planned-prices';
import { FindVariantsByTheirNames1796000100002 } from './migrations/1796000100002-find-variants-by-their-names';
import { CreateProductPictures1796000200001 } from './migrations/1796000200001-create-product-pictures';
import { CreateCatalogImports1796000200002 } from './migrations/1796000200002-create-catalog-imports';
import { CreateRelayParked1796000300001 } from './migrations/1796000300001-create-relay-parked';
import { RunStock1796000400001 } from './migrations/1796000400001-run-stock';
import { CreatePurchasing1796000500001 } from './migrations/1796000500001-create-purchasing';
import { CreateReplenishment1796000600001 } from './migrations/1796000600001-create-replenishment';
import { KeepCorrectedDays1796000600002 } from './migrations/1796000600002-keep-corrected-days';
import { CreateStockAlerts1796000700001 } from './migrations/1796000700001-create-stock-alerts';
import { CreateRecommendations1796000700002 } from './migrations/1796000700002-create-recommendations';
import { CreateAnswerCache1796000800001 } from './migrations/1796000800001-create-answer-cache';
import { CreateJobRuns1796000900001 } from './migrations/1796000900001-create-job-runs';
import { IndexWhatGrowsOld1796000900002 } from './migrations/1796000900002-index-what-grows-old';
import { CreateUsedTickets1797000000001 } from './migrations/1797000000001-create-used-tickets';
import { CreateChat1797000100001 } from './migrations/1797000100001-create-chat';
import { CreateHotAddresses1797000200001 } from './migrations/1797000200001-create-hot-addresses';
import { DropLeftoverIndexes1797000300001 } from './migrations/1797000300001-drop-leftover-indexes';
import { CreateCartReminders1797000300002 } from './migrations/1797000300002-create-cart-reminders';
import { IndexOldMessages1797000300003 } from './migrations/1797000300003-index-old-messages';
import { MindWhatWaits1797000500001 } from './migrations/1797000500001-mind-what-waits';
import { BoundStock1797000600001 } from './migrations/1797000600001-bound-stock';
import { NameImportsByRequest1797000600002 } from './migrations/1797000600002-name-imports-by-request';
import { SwitchLargeLocations1797000600003 } from './migrations/1797000600003-switch-large-locations';
import { MindRepeatedRequests1797000700001 } from './migrations/1797000700001-mind-repeated-requests';
import { TellSkusApart1797000700002 } from './migrations/1797000700002-tell-skus-apart';
import { CreateSupport1797000800001 } from './migrations/1797000800001-create-support';
import { ServeTickets1797000910001 } from './migrations/1797000910001-serve-tickets';
import { CreateNotifications1797000920001 } from './migrations/1797000920001-create-notifications';
import { CreateAnalytics1797000930001 } from './migrations/1797000930001-create-analytics';
import { CreateCampaigns1797000940001 } from './migrations/1797000940001-create-campaigns';
import { BoundNotifications1797000972001 } from './migrations/1797000972001-bound-notifications';
import { IndexCancelledOrders1797000972002 } from './migrations/1797000972002-index-cancelled-orders';
import { SearchTemporaryTablesLast1797000973001 } from './migrations/1797000973001-search-temporary-tables-last';
import { IndexWhatFiguresRead1797000973002 } from './migrations/1797000973002-index-what-figures-read';
import { IndexRunningClocks1797001001001 } from './migrations/1797001001001-index-running-clocks';
import { SaySupportHours1797001001002 } from './migrations/1797001001002-say-support-hours';
import { ReopenNotifications1797001003001 } from './migrations/1797001003001-reopen-notifications';
import { IndexOverdueNotifications1797001003002 } from './migrations/1797001003002-index-overdue-notifications';
import { KeepAuthorsOfCampaigns1797001005001 } from './migrations/1797001005001-keep-authors-of-campaigns';
import { ShareThePaceOfCampaigns1797001005002 } from './migrations/1797001005002-share-the-pace-of-campaigns';
import { IndexCampaignCalls1797001006001 } from './migrations/1797001006001-index-campaign-calls';
import { RearmChangedPoints1797001006002 } from './migrations/1797001006002-rearm-changed-points';
import { KeepThePlaceOfReports1797001007001 } from './migrations/1797001007001-keep-the-place-of-reports';
import { WaitForDeploys1797001009001 } from './migrations/1797001009001-wait-for-deploys';
import { ShareTicketsInTurn1797001010001 } from './migrations/1797001010001-share-tickets-in-turn';
import { NumberCannedAnswersOnce1797001010002 } from './migrations/1797001010002-number-canned-answers-once';
import { NOTIFICATION_TABLES } from './notifications/notifications.tables';
import { ORDER_TABLES } from './orders/orders.tables';
import { PAYMENT_TABLES } from './payments/payments.tables';
import { PICTURE_TABLES } from './pictures/pictures.tables';
import { PURCHASING_TABLES } from './purchasing/purchasing.tables';
import { RECOMMENDATION_TABLES } from './recommendations/recommendations.tables';
import { RELAY_TABLES } from './relay/relay.tables';
import { REPLENISHMENT_TABLES } from './replenishment/replenishment.tables';
import { SMS_TABLES } from './sms/sms.tables';
import { STAFF_TABLES } from './staff/staff.tables';
import { ProcessedStep } from './steps/processed-step';
import { RequestDigest } from './steps/request-digest';
import { STOCK_ALERT_TABLES } from './stock-alerts/stock-alerts.tables';
import { STOCKTAKING_TABLES } from './stocktaking/stocktaking.tables';
import { SUPPORT_TABLES } from './support/support.tables';
import { TRANSFER_TABLES } from './transfers/transfers.tables';

/** Every table of the shop, gathered from the words: a line for each. */
export const SHOP_ENTITIES: readonly (new () => object)[] = [
  ProcessedStep,
  RequestDigest,
  ShopEvent,
  JournalCursor,
  AnswerCacheVersion,
  HotAddress,
  ...RELAY_TABLES,
  ...JOB_TABLES,
  ...INVENTORY_TABLES,
  ...TRANSFER_TABLES,
  ...STOCKTAKING_TABLES,
  ...CATALOG_TABLES,
  ...PICTURE_TABLES,
  ...IMPORT_TABLES,
  ...CART_TABLES,
  ...PAYMENT_TABLES,
  ...ORDER_TABLES,
  WorkflowWake,
  ...PURCHASING_TABLES,
  ...SMS_TABLES,
  ...CAMPAIGN_TABLES,
  ...AUTH_TABLES,
  ...STAFF_TABLES,
  ...CHAT_TABLES,
  ...SUPPORT_TABLES,
  ...CUSTOMER_TABLES,
  ...NOTIFICATION_TABLES,
  ...STOCK_ALERT_TABLES,
  ...CART_REMINDER_TABLES,
  ...RECOMMENDATION_TABLES,
  ...REPLENISHMENT_TABLES,
  ...ANALYTICS_TABLES,
];

/** Every migration; they run in the order of the timestamps in their names. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateGuards1795400000001,
  CreateCatalog1795400000002,
  CreateInventory1795400000003,
  CreateProductListings1795400000004,
  CreateCarts1795400000005,
  CreateSteps1795400000006,
  CreateEvents1795400000007,
  CreateOrders1795400000008,
  CreateReservations1795400000009,
  CreatePayments1795400000010,
  CreateCheckout1795400000011,
  CreateSms1795742603226,
  CreateAccounts1795744000020,
  CreateVerifications1795747265005,
  CreateRoles1795799000000,
  AddCodeMessages1795800010001,
  CreateSpentWork1795800020001,
  CreateFactors1795800030000,
  CreateCustomers1795800040001,
  GiveCartsAndOrdersCustomers1795800050001,
  CreateRecipients1795800050002,
  CreateJournalCursors1795900010001,
  ForgetErasedCodes1795900040001,
  IndexTheRowsOfPeople1795900050001,
  KeepHistoriesOfTheCatalogue1796000000001,
  ExtendStock1796000000002,
  CreatePlannedPrices1796000100001,
  FindVariantsByTheirNames1796000100002,
  CreateProductPictures1796000200001,
  CreateCatalogImports1796000200002,
  CreateRelayParked1796000300001,
  RunStock1796000400001,
  CreatePurchasing1796000500001,
  CreateReplenishment1796000600001,
  KeepCorrectedDays1796000600002,
  CreateStockAlerts1796000700001,
  CreateRecommendations1796000700002,
  CreateAnswerCache1796000800001,
  CreateJobRuns1796000900001,
  IndexWhatGrowsOld1796000900002,
  CreateUsedTickets1797000000001,
  CreateChat1797000100001,
  CreateHotAddresses1797000200001,
  DropLeftoverIndexes1797000300001,
  CreateCartReminders1797000300002,
  IndexOldMessages1797000300003,
  MindWhatWaits1797000500001,
  BoundStock1797000600001,
  NameImportsByRequest1797000600002,
  SwitchLargeLocations1797000600003,
  MindRepeatedRequests1797000700001,
  TellSkusApart1797000700002,
  CreateSupport1797000800001,
  ServeTickets1797000910001,
  CreateNotifications1797000920001,
  CreateAnalytics1797000930001,
  CreateCampaigns1797000940001,
  BoundNotifications1797000972001,
  IndexCancelledOrders1797000972002,
  SearchTemporaryTablesLast1797000973001,
  IndexWhatFiguresRead1797000973002,
  IndexRunningClocks1797001001001,
  SaySupportHours1797001001002,
  ReopenNotifications1797001003001,
  IndexOverdueNotifications1797001003002,
  KeepAuthorsOfCampaigns1797001005001,
  ShareThePaceOfCampaigns1797001005002,
  IndexCampaignCalls1797001006001,
  RearmChangedPoints1797001006002,
  KeepThePlaceOfReports1797001007001,
  WaitForDeploys1797001009001,
  ShareTicketsInTurn1797001010001,
  NumberCannedAnswersOnce1797001010002,
];
