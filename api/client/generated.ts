// Written by `npm run openapi` from api/openapi/openapi.json. Change the routes, not this file.
/* eslint-disable */

export interface AcknowledgeInput {
  readonly version: number;
}

export interface AddLineInput {
  readonly variantId: string;
  readonly quantity: number;
}

export interface AddToCartInput {
  readonly name: "add_to_cart";
  readonly variantId: string;
  readonly quantity: number;
  readonly id: string;
}

export interface AddVariantInput {
  readonly sku: string;
  readonly title: string;
  readonly titleEn?: string | null;
  readonly price: PriceInput;
}

export interface AddressInput {
  readonly label?: string;
  readonly isDefault?: boolean;
  readonly recipient: RecipientInput;
}

export interface AddressView {
  readonly id: string;
  readonly version: number;
  readonly label: string | null;
  readonly isDefault: boolean;
  readonly recipient: RecipientView;
}

export interface AddressesView {
  readonly items: readonly AddressView[];
}

export interface AnsweredView {
  readonly ticketId: string;
  readonly message: TicketMessageView;
}

export interface AssignInput {
  readonly assigneeId: string | null;
  readonly expected: string | null;
}

export interface AttachedFileView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

export interface AttachmentInput {
  readonly type: "application/pdf" | "audio/mp4" | "audio/mpeg" | "audio/ogg" | "image/avif" | "image/gif" | "image/jpeg" | "image/png" | "image/webp" | "video/mp4" | "video/webm";
  readonly name: string;
  readonly bytes: number;
}

export interface AttachmentLinkView {
  readonly url: string;
  readonly expiresAt: string;
}

export interface AttachmentUploadView {
  readonly attachmentId: string;
  readonly method: "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly expiresAt: string;
}

export interface AttachmentView {
  readonly status: "pending" | "ready" | "failed" | "removed";
  readonly failure: "not_uploaded" | "wrong_size" | "wrong_type" | null;
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

export interface AttemptPayload {
  readonly attemptId: string;
}

export interface AttentionView {
  readonly workflows: number;
  readonly asOf: string;
}

export interface AwaitStockInput {
  readonly variantId: string;
  readonly channel?: "sms";
}

export interface AwaitedStockView {
  readonly id: string;
  readonly variant: WatchedVariantView;
  readonly channel: "sms";
  readonly createdAt: string;
}

export interface AwaitedStocksView {
  readonly items: readonly AwaitedStockView[];
}

export interface BackfillInput {
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

export interface BadgeView {
  readonly version: number;
  readonly unread: number;
  readonly unseen: number;
}

export interface BeginPolicyInput {
  readonly variantId: string;
  readonly locationId?: string;
  readonly policy: PolicyInput;
  readonly valueLimit?: number;
  readonly paused?: boolean;
}

export interface BlockView {
  readonly accountId: string;
  readonly name: string | null;
  readonly createdAt: string;
}

export interface BlocksView {
  readonly items: readonly BlockView[];
}

export interface BookedLevelView {
  readonly variantId: string;
  readonly locationId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly seq: number;
}

export interface BookingInput {
  readonly variantId: string;
  readonly locationId: string;
  readonly reason: "received" | "return" | "correction";
  readonly cause?: "count" | "damaged" | "lost" | "found" | "expired" | "sample" | "other";
  readonly quantity: number;
  readonly note?: string;
}

export interface CacheView {
  readonly isOn: boolean;
  readonly isShared: boolean;
  readonly kinds: readonly KindView[];
  readonly warming: WarmingView | null;
}

export interface CalendarDayView {
  readonly day: string;
  readonly jalali: string;
  readonly weekday: number;
  readonly holiday: string | null;
  readonly isCertain: boolean;
  readonly supportHours: readonly OpenHoursView[] | null;
}

export interface CalendarDaysView {
  readonly items: readonly CalendarDayView[];
}

export interface CampaignChangeInput {
  readonly name?: string;
  readonly template?: string;
  readonly language?: "fa" | "en";
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly filter?: CampaignFilterInput;
  readonly sendFrom?: number;
  readonly sendUntil?: number;
  readonly maxCost?: number | null;
}

export interface CampaignCountsView {
  readonly recipients: number;
  readonly pending: number;
  readonly handed: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly ambiguous: number;
  readonly suppressed: number;
}

export interface CampaignFilterInput {
  readonly orderedSince?: string;
  readonly notOrderedSince?: string;
  readonly categoryId?: string;
  readonly productId?: string;
  readonly spentAtLeast?: number;
  readonly province?: "IR-00" | "IR-01" | "IR-02" | "IR-03" | "IR-04" | "IR-05" | "IR-06" | "IR-07" | "IR-08" | "IR-09" | "IR-10" | "IR-11" | "IR-12" | "IR-13" | "IR-14" | "IR-15" | "IR-16" | "IR-17" | "IR-18" | "IR-19" | "IR-20" | "IR-21" | "IR-22" | "IR-23" | "IR-24" | "IR-25" | "IR-26" | "IR-27" | "IR-28" | "IR-29" | "IR-30";
  readonly city?: string;
}

export interface CampaignInput {
  readonly name: string;
  readonly template: string;
  readonly language?: "fa" | "en";
  readonly variables: Readonly<Record<string, unknown>>;
  readonly audience: "filter" | "csv";
  readonly filter?: CampaignFilterInput;
  readonly sendFrom?: number;
  readonly sendUntil?: number;
  readonly maxCost?: number;
}

export interface CampaignPreviewView {
  readonly recipients: number;
  readonly text: string;
  readonly segments: number;
  readonly segmentPrice: number;
  readonly cost: number;
  readonly needsApproval: boolean;
}

export interface CampaignRecipientView {
  readonly accountId: string;
  readonly recipient: string | null;
  readonly status: "pending" | "handed" | "accepted" | "delivered" | "failed" | "ambiguous" | "suppressed";
  readonly reason: "not_wanted" | "blacklisted" | "refused" | "number_repeated" | null;
  readonly handedAt: string | null;
}

export interface CampaignRecipientsView {
  readonly items: readonly CampaignRecipientView[];
  readonly next: number | null;
}

export interface CampaignReportView {
  readonly counts: CampaignCountsView;
  readonly suppressed: Readonly<Record<string, unknown>>;
  readonly costs: readonly SmsCostView[];
  readonly withoutPrice: number;
  readonly troubledCalls: readonly TroubledCallView[];
}

export interface CampaignSummaryView {
  readonly id: string;
  readonly name: string;
  readonly status: "draft" | "scheduled" | "running" | "paused" | "done" | "cancelled";
  readonly pauseReason: "staff" | "budget" | "approval" | "provider" | null;
  readonly createdAt: string;
  readonly startsAt: string | null;
  readonly finishedAt: string | null;
  readonly counts: CampaignCountsView;
}

export interface CampaignView {
  readonly version: number;
  readonly template: string;
  readonly language: "fa" | "en";
  readonly variables: Readonly<Record<string, unknown>>;
  readonly audience: "filter" | "csv";
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly upload: UploadCountsView | null;
  readonly createdBy: string;
  readonly authors: readonly string[];
  readonly approvedBy: string | null;
  readonly sendFrom: number;
  readonly sendUntil: number;
  readonly maxCost: number | null;
  readonly segments: number | null;
  readonly segmentPrice: number | null;
  readonly cost: number | null;
  readonly startedAt: string | null;
  readonly operatorMoves: readonly OperatorMoveView[];
  readonly id: string;
  readonly name: string;
  readonly status: "draft" | "scheduled" | "running" | "paused" | "done" | "cancelled";
  readonly pauseReason: "staff" | "budget" | "approval" | "provider" | null;
  readonly createdAt: string;
  readonly startsAt: string | null;
  readonly finishedAt: string | null;
  readonly counts: CampaignCountsView;
}

export interface CampaignsView {
  readonly items: readonly CampaignSummaryView[];
  readonly next: string | null;
}

export type CancelInput = Readonly<Record<string, never>>;

export interface CancelTransferInput {
  readonly lines: readonly UnansweredInput[];
}

export interface CannedAnswerInput {
  readonly textFa: string;
  readonly textEn: string;
  readonly variables: readonly string[];
}

export interface CannedAnswerView {
  readonly team: "technical" | "billing" | "general";
  readonly code: string;
  readonly textFa: string;
  readonly textEn: string;
  readonly variables: readonly string[];
  readonly version: number;
}

export interface CannedAnswersView {
  readonly items: readonly CannedAnswerView[];
}

export interface CannedChoiceInput {
  readonly team: "technical" | "billing" | "general";
  readonly code: string;
  readonly language: "fa" | "en";
  readonly values?: readonly ValueInput[];
}

export interface CartChangeView {
  readonly variantId: string;
  readonly kind: "price" | "availability" | "not_sellable";
  readonly was: number;
  readonly is: number;
}

export interface CartLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  readonly product: CartProductView;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly unitPrice: MoneyView;
  readonly total: MoneyView;
  readonly sellable: boolean;
  readonly available: number;
}

export interface CartProductView {
  readonly slug: string;
  readonly title: string;
}

export interface CartView {
  readonly version: number;
  readonly lines: readonly CartLineView[];
  readonly units: number;
  readonly total: MoneyView;
  readonly recipient: RecipientView | null;
  readonly changes: readonly CartChangeView[];
  readonly orderable: boolean;
  readonly refusal: "request.invalid" | "request.malformed" | "request.host_missing" | "request.timeout" | "request.too_large" | "request.unsupported_media_type" | "request.expectation_failed" | "request.head_too_large" | "request.idempotency_key_missing" | "request.idempotency_key_reused" | "request.if_match_missing" | "request.too_many" | "route.not_found" | "route.method_not_allowed" | "socket.verb_unknown" | "socket.rooms_too_many" | "socket.connections_too_many" | "access.token_missing" | "access.token_invalid" | "access.forbidden" | "service.unavailable" | "service.failed" | "stock.location_not_found" | "stock.location_changed" | "stock.location_code_taken" | "stock.quarantine_sells" | "stock.level_not_found" | "stock.variant_retired" | "stock.moved" | "stock.below_reserved" | "stock.too_many_units" | "stock.cursor_invalid" | "transfer.not_found" | "transfer.changed" | "transfer.same_location" | "transfer.not_draft" | "transfer.not_in_transit" | "transfer.not_free" | "transfer.line_not_found" | "transfer.more_than_sent" | "transfer.unanswered" | "count.not_found" | "count.changed" | "count.location_busy" | "count.over" | "count.too_many_lines" | "count.unfinished" | "count.corrected_since" | "count.another_must_approve" | "catalog.product_not_found" | "catalog.product_changed" | "catalog.category_not_found" | "catalog.category_changed" | "catalog.variant_not_found" | "catalog.planned_price_not_found" | "catalog.cursor_invalid" | "catalog.category_unknown" | "catalog.slug_taken" | "catalog.sku_taken" | "catalog.move_refused" | "catalog.no_active_variant" | "catalog.variant_limit" | "catalog.planned_price_overlaps" | "catalog.planned_price_never" | "catalog.planned_price_over" | "catalog.planned_price_limit" | "catalog.category_limit" | "catalog.category_too_deep" | "catalog.category_cycle" | "catalog.category_not_empty" | "picture.not_found" | "picture.too_many" | "picture.upload_expired" | "picture.order_incomplete" | "upload.not_signed" | "upload.exists" | "upload.empty" | "import.not_found" | "import.refused" | "cart.not_found" | "cart.not_yours" | "cart.line_not_found" | "cart.line_limit" | "cart.quantity_limit" | "cart.variant_not_sellable" | "cart.empty" | "checkout.cart_changed" | "checkout.price_changed" | "checkout.not_sellable" | "checkout.out_of_stock" | "checkout.recipient_missing" | "checkout.order_open" | "checkout.too_many_open_orders" | "checkout.held_limit" | "checkout.unit_limit" | "checkout.amount_too_small" | "checkout.amount_too_large" | "order.not_found" | "order.sign_in_needed" | "order.not_cancellable" | "order.verifying" | "order.not_awaiting_payment" | "order.not_paid" | "order.line_not_sold" | "order.more_than_sold" | "order.already_shipped" | "order.lost" | "payment.attempt_limit" | "payment.too_late" | "payment.not_found" | "payment.gateway_unknown" | "payment.reference_taken" | "payment.result_invalid" | "auth.session_over" | "auth.proof_needed" | "auth.account_blocked" | "auth.phone_invalid" | "auth.session_not_found" | "auth.work_needed" | "auth.factor_missing" | "auth.factor_exists" | "auth.factor_wrong" | "auth.code_wrong" | "auth.code_over" | "auth.code_too_soon" | "auth.codes_too_many" | "auth.guesses_too_many" | "auth.codes_exhausted" | "auth.origin_refused" | "auth.cookies_off" | "auth.ticket_invalid" | "auth.cookie_twice" | "staff.not_found" | "staff.not_yourself" | "staff.last_admin" | "account.not_found" | "chat.room_not_found" | "chat.message_not_found" | "chat.person_not_found" | "chat.member_not_found" | "chat.not_permitted" | "chat.blocked" | "chat.room_archived" | "chat.room_kind" | "chat.room_full" | "chat.rooms_too_many" | "chat.edit_too_late" | "chat.message_deleted" | "chat.client_id_reused" | "chat.text_invalid" | "chat.attachment_not_found" | "chat.attachment_not_ready" | "chat.attachment_expired" | "chat.attachment_quota" | "chat.report_not_found" | "chat.report_resolved" | "ticket.not_found" | "ticket.too_many_open" | "ticket.transition" | "ticket.closed" | "ticket.assigned_otherwise" | "ticket.assignee_unfit" | "ticket.own" | "ticket.not_resolved" | "ticket.rated_already" | "ticket.client_id_reused" | "sla_target.changed" | "canned_answer.not_found" | "canned_answer.changed" | "canned_answer.too_many" | "canned_answer.variables" | "address.not_found" | "address.changed" | "address.too_many" | "number_change.not_found" | "number_change.over" | "number_change.same" | "number_change.taken" | "number_change.not_proved" | "account.order_open" | "account.has_roles" | "suppliers.not_found" | "suppliers.version_moved" | "suppliers.variant_unknown" | "suppliers.location_unknown" | "suppliers.paused" | "suppliers.item_unknown" | "suppliers.pack_broken" | "suppliers.below_minimum_order" | "suppliers.cost_reserved" | "suppliers.sku_taken" | "suppliers.address_invalid" | "suppliers.reply_unreadable" | "suppliers.no_secret" | "purchase_orders.not_found" | "purchase_orders.not_collecting" | "purchase_orders.not_awaiting_approval" | "purchase_orders.own_approval" | "purchase_orders.not_cancellable" | "purchase_orders.not_ordered" | "purchase_orders.nothing_to_send" | "purchase_orders.not_open" | "purchase_orders.line_unknown" | "purchase_orders.line_empty" | "purchase_orders.too_many_units" | "purchase_orders.too_valuable" | "purchase_orders.too_many_receipts" | "purchase_orders.receipt_differs" | "sms.template_unknown" | "sms.variables_invalid" | "sms.recipient_invalid" | "sms.not_found" | "sms.not_ambiguous" | "campaigns.not_found" | "campaigns.version_moved" | "campaigns.not_draft" | "campaigns.over" | "campaigns.not_running" | "campaigns.not_paused" | "campaigns.code_template" | "campaigns.no_link" | "campaigns.hours_empty" | "campaigns.filter_misplaced" | "campaigns.table_unreadable" | "campaigns.no_table" | "campaigns.takes_no_table" | "campaigns.nobody" | "campaigns.too_many" | "campaigns.approval_needed" | "campaigns.own_approval" | "campaigns.budget_spent" | "campaigns.starts_late" | "campaigns.link_unknown" | "schedule.not_found" | "schedule.backfill_invalid" | "relay.not_parked" | "notification.channel_fixed" | "notification.zone_unknown" | "stock_subscription.not_found" | "stock_subscription.too_many" | "stock_subscription.available" | "replenishment.policy_not_found" | "replenishment.policy_exists" | "replenishment.policy_changed" | "replenishment.variant_unknown" | "replenishment.location_unknown" | "tracking.full" | null;
  readonly updatedAt: string;
}

export interface CatalogImportView {
  readonly id: string;
  readonly status: "checking" | "refused" | "booking" | "done";
  readonly lines: number;
  readonly booked: number;
  readonly problems: readonly LineProblemView[];
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface CategoriseInput {
  readonly category: "technical" | "billing" | "general" | "complaint" | "feature_request";
}

export interface CategoryNameView {
  readonly slug: string;
  readonly title: string;
}

export interface CategoryView {
  readonly slug: string;
  readonly title: string;
  readonly children: readonly CategoryView[];
}

export interface ChangeAddressInput {
  readonly version: number;
  readonly label?: string;
  readonly isDefault?: boolean;
  readonly recipient: RecipientInput;
}

export interface ChangeCategoryInput {
  readonly slug?: string;
  readonly title?: string;
  readonly titleEn?: string | null;
  readonly parentId?: string | null;
  readonly position?: number;
}

export interface ChangeFactorInput {
  readonly code: string;
}

export interface ChangeLocationInput {
  readonly title?: string;
  readonly priority?: number;
  readonly sells?: boolean;
  readonly kind?: "shop" | "warehouse" | "quarantine";
}

export interface ChangePolicyInput {
  readonly policy: PolicyInput;
  readonly valueLimit?: number;
  readonly paused?: boolean;
}

export interface ChangeProductInput {
  readonly slug?: string;
  readonly title?: string;
  readonly titleEn?: string | null;
  readonly brand?: string;
  readonly keywords?: string;
  readonly description?: string;
  readonly categoryId?: string;
}

export interface ChangeProfileInput {
  readonly name?: string;
  readonly email?: string;
  readonly language?: "fa" | "en";
  readonly marketing?: boolean;
}

export interface ChangeRoomInput {
  readonly title?: string;
  readonly history?: "all" | "since_joining";
}

export interface ChangeTransferInput {
  readonly note?: string;
  readonly lines: readonly UnitsInput[];
}

export interface ChangeVariantInput {
  readonly sku?: string;
  readonly title?: string;
  readonly titleEn?: string | null;
  readonly position?: number;
}

export interface CheckoutBegunInput {
  readonly name: "checkout_begun";
  readonly units: number;
  readonly id: string;
}

export interface CheckoutBody {
  readonly expectedTotal: MoneyView;
  readonly gateway?: string;
}

export interface CheckoutView {
  readonly order: OrderView;
  readonly payment: PaymentPageView;
  readonly orderToken: string;
}

export interface ChoiceInput {
  readonly category: "order" | "payment" | "support" | "stock" | "security" | "desk" | "purchasing";
  readonly channel: "in_app" | "sms";
  readonly isOn: boolean;
}

export interface ChoicesInput {
  readonly choices: readonly ChoiceInput[];
}

export interface CityView {
  readonly code: string;
  readonly name: string;
}

export interface ClockView {
  readonly kind: "first_response" | "next_response" | "resolution";
  readonly round: number;
  readonly targetMinutes: number;
  readonly dueAt: string | null;
  readonly warnedAt: string | null;
  readonly breachedAt: string | null;
  readonly escalatedAt: string | null;
  readonly metAt: string | null;
}

export interface ConfirmFactorInput {
  readonly code: string;
  readonly delivery: "body" | "cookie";
  readonly deviceLabel?: string;
  readonly cart?: "merge" | "keep";
  readonly token: string;
}

export interface ConfirmNumberChangeInput {
  readonly newCode: string;
  readonly oldCode?: string;
}

export interface ConversionView {
  readonly paidOrders: number;
  readonly visitors: number;
  readonly asOf: string;
}

export interface CorrectDayInput {
  readonly holiday: string | null;
  readonly supportHours?: readonly OpenHoursInput[] | null;
}

export interface CountInput {
  readonly locationId: string;
  readonly note?: string;
}

export interface CountLineInput {
  readonly counted: number | null;
}

export interface CountLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly expected: number;
  readonly counted: number | null;
  readonly difference: number | null;
  readonly countedBy: string;
  readonly isOutdated: boolean;
  readonly onHand: number;
  readonly reserved: number;
}

export interface CountSummaryView {
  readonly id: string;
  readonly number: number;
  readonly locationId: string;
  readonly status: "open" | "counting" | "approved" | "cancelled";
  readonly note: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly version: number;
  readonly lineCount: number;
}

export interface CountView {
  readonly lines: readonly CountLineView[];
  readonly differingUnits: number;
  readonly differingValue: number;
  readonly needsAnother: boolean;
  readonly id: string;
  readonly number: number;
  readonly locationId: string;
  readonly status: "open" | "counting" | "approved" | "cancelled";
  readonly note: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly version: number;
  readonly lineCount: number;
}

export interface CountsView {
  readonly items: readonly CountSummaryView[];
  readonly next: number | null;
}

export interface CreateCategoryInput {
  readonly slug: string;
  readonly title: string;
  readonly titleEn?: string | null;
  readonly parentId?: string | null;
}

export interface CreateProductInput {
  readonly slug: string;
  readonly title: string;
  readonly titleEn?: string | null;
  readonly brand?: string;
  readonly keywords?: string;
  readonly description?: string;
  readonly categoryId: string;
}

export interface CreateSupplierInput {
  readonly channel: "webhook" | "email" | "manual";
  readonly name: string;
  readonly address: string | null;
  readonly leadDays: number;
  readonly leadSd?: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
  readonly reviewDays?: number;
  readonly minimumValue?: number | null;
  readonly approvalLimit?: number | null;
}

export interface CustomerView {
  readonly id: string;
  readonly phone: string;
  readonly status: "active" | "blocked" | "erased";
  readonly createdAt: string;
}

export interface DecisionView {
  readonly id: string;
  readonly at: string;
  readonly sentence: string;
  readonly ordered: number;
  readonly transferred: number;
  readonly orderId: string | null;
  readonly approval: readonly string[];
  readonly position: PositionView;
  readonly reorderPoint: number;
  readonly upTo: number;
  readonly expectation: ExpectationView;
  readonly lastsDays: number | null;
}

export interface DecisionsView {
  readonly items: readonly DecisionView[];
}

export interface DescribeInput {
  readonly altFa?: string;
  readonly altEn?: string;
}

export interface DeskMessageView {
  readonly senderId: string;
  readonly seq: number;
  readonly text: string;
  readonly by: "customer" | "shop";
  readonly clientId: string;
  readonly createdAt: string;
}

export interface DeskMessagesView {
  readonly items: readonly DeskMessageView[];
  readonly after: number | null;
}

export interface DeskTicketView {
  readonly customerId: string;
  readonly priority: "low" | "medium" | "high" | "urgent";
  readonly assigneeId: string | null;
  readonly lastNoteSeq: number;
  readonly dueAt: string | null;
  readonly clocks: readonly ClockView[];
  readonly deskVersion: number;
  readonly id: string;
  readonly number: string;
  readonly category: "technical" | "billing" | "general" | "complaint" | "feature_request";
  readonly subject: string;
  readonly status: "open" | "in_progress" | "pending_customer" | "pending_agent" | "resolved" | "closed";
  readonly followsId: string | null;
  readonly lastSeq: number;
  readonly rating: number | null;
  readonly createdAt: string;
  readonly version: number;
}

export interface DeviceView {
  readonly id: string;
  readonly label: string;
  readonly signedInAt: string;
  readonly lastSeenAt: string;
  readonly isCurrent: boolean;
}

export interface DevicesView {
  readonly items: readonly DeviceView[];
}

export interface DirectRoomInput {
  readonly accountId: string;
}

export interface EditMessageInput {
  readonly text: string;
}

export type EmptyPayload = Readonly<Record<string, never>>;

export interface EndedDevicesView {
  readonly ended: number;
}

export interface EnrolFactorInput {
  readonly token: string;
}

export interface EnrolledFactorView {
  readonly uri: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

export interface EntriesView {
  readonly items: readonly EntryView[];
}

export interface EntryView {
  readonly name: string;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly gzipBytes: number | null;
  readonly etag: string;
  readonly freshUntil: string;
  readonly isValid: boolean;
  readonly snapshot: string;
}

export interface ExpectationView {
  readonly day: string;
  readonly protectionDays: number;
  readonly demand: number;
  readonly deviation: number;
  readonly coverUnits: number;
  readonly meanLine: number;
}

export interface FieldErrorView {
  readonly in: "body" | "query" | "path" | "header";
  readonly field: string;
  readonly rule: string;
  readonly detail: string;
}

export interface FigureHistoryView {
  readonly figure: "orders" | "paid_orders" | "revenue" | "refunded" | "visitors" | "conversion" | "payment_success" | "sms_success" | "campaign_success" | "page_views" | "product_views" | "searches" | "carts_filled" | "checkouts_begun" | "low_stock" | "open_tickets" | "attention";
  readonly by: "day" | "hour";
  readonly points: readonly FigurePointView[];
}

export interface FigurePointView {
  readonly day: string;
  readonly hour: number | null;
  readonly dimension: string | null;
  readonly value: number;
  readonly of: number | null;
  readonly countedAt: string;
}

export interface FiguresView {
  readonly asOf: string;
  readonly ordersPerMinute: number;
  readonly todayAsOf: string;
  readonly ordersToday: number;
  readonly paidOrdersToday: number;
  readonly revenueToday: readonly MoneyView[];
  readonly refundedToday: readonly MoneyView[];
  readonly visitorsNow: number;
  readonly visitorsToday: number;
  readonly conversion: ConversionView | null;
  readonly payments: readonly GatewaySuccessView[];
  readonly sms: readonly ProviderSuccessView[];
  readonly campaigns: readonly ProviderSuccessView[];
  readonly lowStock: LowStockView | null;
  readonly openTickets: number;
  readonly attention: AttentionView | null;
}

export interface FindCustomerInput {
  readonly phone: string;
}

export interface FoundCustomersView {
  readonly items: readonly CustomerView[];
}

export interface FoundHoldView {
  readonly finding: "order_overdue" | "reserved_differs" | "sale_differs" | "held_at_closed_location" | "unshipped_at_closed_location";
  readonly orderId: string | null;
  readonly variantId: string | null;
  readonly locationId: string | null;
  readonly units: number;
  readonly expected: number | null;
  readonly since: string | null;
}

export interface FoundMessagesView {
  readonly items: readonly MessageView[];
  readonly nextCursor: string | null;
}

export interface GatewaySuccessView {
  readonly gateway: string;
  readonly tried: number;
  readonly succeeded: number;
}

export interface GatewayView {
  readonly name: string;
  readonly isDefault: boolean;
  readonly minimum: MoneyView;
  readonly maximum: MoneyView;
}

export interface HistoryView {
  readonly items: readonly MessageView[];
  readonly before: number | null;
  readonly after: number | null;
}

export interface HoldAuditView {
  readonly checkedAt: string;
  readonly found: readonly FoundHoldView[];
  readonly isCut: boolean;
}

export interface ImportView {
  readonly id: string;
  readonly lines: number;
  readonly booked: number;
  readonly countIds: readonly string[];
  readonly isRepeated: boolean;
}

export interface InspectedView {
  readonly local: EntryView | null;
  readonly shared: EntryView | null;
}

export interface InvalidateInput {
  readonly tags?: readonly string[];
  readonly pattern?: string;
}

export interface InvariantsView {
  readonly healthy: boolean;
  readonly checkedAt: string;
  readonly invariants: number;
  readonly violations: readonly ViolationView[];
}

export interface InviteInput {
  readonly phone: string;
  readonly role: "support" | "staff" | "admin";
}

export interface JoinOrdersInput {
  readonly orderTokens: readonly string[];
}

export interface JoinedCartView {
  readonly isJoined: boolean;
  readonly leftBehind: readonly LineLeftBehindView[];
}

export interface JoinedOrdersView {
  readonly joined: readonly string[];
  readonly notJoined: readonly number[];
}

export interface KindView {
  readonly kind: "categories" | "list" | "search" | "product" | "recommendations";
  readonly hitRatio: number | null;
  readonly entries: number;
  readonly bytes: number;
  readonly served: ServedView;
}

export interface LastMessageView {
  readonly seq: number;
  readonly senderId: string;
  readonly excerpt: string;
  readonly isDeleted: boolean;
  readonly createdAt: string;
}

export interface LevelView {
  readonly id: string;
  readonly sku: string;
  readonly productTitle: string;
  readonly variantTitle: string;
  readonly isRetired: boolean;
  readonly free: number;
  readonly unshipped: number;
  readonly inTransit: number;
  readonly incoming: number;
  readonly reorderPoint: number | null;
  readonly variantId: string;
  readonly locationId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly seq: number;
}

export interface LevelsView {
  readonly items: readonly LevelView[];
  readonly next: string | null;
}

export interface LineLeftBehindView {
  readonly variantId: string;
  readonly quantity: number;
  readonly reason: "line_limit" | "quantity_limit" | "not_sellable" | "open_order";
}

export interface LineProblemView {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
}

export interface LiveView {
  readonly status: "live";
}

export interface LocationInput {
  readonly latitude: number;
  readonly longitude: number;
}

export interface LocationView {
  readonly latitude: number;
  readonly longitude: number;
}

export interface LocationsView {
  readonly items: readonly StockLocationView[];
}

export interface LowStockView {
  readonly count: number;
  readonly asOf: string;
}

export interface MarkInput {
  readonly ids?: readonly string[];
  readonly upTo?: number;
}

export interface MarketingView {
  readonly accepted: boolean;
  readonly since: string | null;
}

export interface MemberRoleInput {
  readonly role: "owner" | "moderator" | "member";
}

export interface MemberView {
  readonly accountId: string;
  readonly name: string | null;
  readonly role: "owner" | "moderator" | "member";
  readonly joinedAt: string;
  readonly lastReadSeq: number;
}

export interface MembersView {
  readonly items: readonly MemberView[];
}

export interface MessageView {
  readonly roomId: string;
  readonly seq: number;
  readonly senderId: string;
  readonly senderName: string | null;
  readonly clientId: string;
  readonly text: string;
  readonly replyToSeq: number | null;
  readonly attachments: readonly AttachedFileView[];
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
}

export interface MoneyView {
  readonly amount: number;
  readonly currency: "IRR";
}

export interface MoveInput {
  readonly status: "open" | "in_progress" | "pending_customer" | "pending_agent" | "resolved" | "closed";
}

export interface MoveProductInput {
  readonly status: "published" | "archived";
}

export interface MovementView {
  readonly seq: number;
  readonly delta: number;
  readonly onHandAfter: number;
  readonly reason: "initial" | "received" | "sale" | "correction" | "return" | "cancellation" | "transfer_out" | "transfer_in";
  readonly ref: string;
  readonly cause: "count" | "damaged" | "lost" | "found" | "expired" | "sample" | "other" | null;
  readonly actorId: string | null;
  readonly note: string | null;
  readonly at: string;
}

export interface MovementsView {
  readonly items: readonly MovementView[];
  readonly next: number | null;
}

export interface NotificationView {
  readonly id: string;
  readonly kind: "order_paid" | "refund_due" | "payment_refunded" | "order_cancelled" | "order_expired" | "ticket_answered" | "ticket_resolved" | "ticket_opened" | "ticket_replied" | "ticket_assigned" | "ticket_warned" | "ticket_escalated" | "approval_needed" | "purchase_stuck" | "stock_low" | "stock_out" | "stock_back" | "signed_in" | "number_changed" | "factor_replaced" | "recovery_code_used";
  readonly category: "order" | "payment" | "support" | "stock" | "security" | "desk" | "purchasing";
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly isSeen: boolean;
  readonly isRead: boolean;
}

export interface NotificationsView {
  readonly items: readonly NotificationView[];
  readonly nextCursor: string | null;
  readonly badge: BadgeView;
}

export interface NumberChangeView {
  readonly id: string;
  readonly status: "open" | "proved" | "approved" | "changed" | "cancelled" | "taken";
  readonly isOldLost: boolean;
  readonly effectiveAt: string | null;
  readonly createdAt: string;
}

export interface NumberChangesView {
  readonly items: readonly NumberChangeView[];
}

export interface OfferMessagesView {
  readonly areWanted: boolean;
}

export interface OpenHoursInput {
  readonly from: number;
  readonly to: number;
}

export interface OpenHoursView {
  readonly from: number;
  readonly to: number;
}

export interface OpenPaymentInput {
  readonly gateway?: string;
}

export interface OpenTicketInput {
  readonly category: "technical" | "billing" | "general" | "complaint" | "feature_request";
  readonly subject: string;
  readonly text: string;
}

export interface OpenedCartView {
  readonly token: string;
  readonly cart: CartView;
}

export interface OperatorMoveView {
  readonly move: "pause" | "resume" | "cancel";
  readonly note: string;
  readonly at: string;
}

export interface OrderByHandInput {
  readonly supplierId: string;
  readonly locationId: string;
  readonly lines: readonly OrderedLineInput[];
}

export interface OrderCancelledEvent {
  readonly version: number;
  readonly type: "order.cancelled";
  readonly payload: EmptyPayload;
  readonly at: string;
}

export interface OrderCreatedEvent {
  readonly version: number;
  readonly type: "order.created";
  readonly payload: OrderCreatedPayload;
  readonly at: string;
}

export interface OrderCreatedPayload {
  readonly number: number;
  readonly total: MoneyView;
  readonly lines: readonly OrderLineView[];
  readonly paymentDeadline: string;
}

export interface OrderDetailView {
  readonly isPartial: boolean;
  readonly order: OrderView;
  readonly lines: readonly OrderLineView[];
  readonly payment: PaymentPageView;
  readonly recipient: RecipientView | null;
  readonly recipientInPart: RecipientInPartView | null;
  readonly receipt: ReceiptView | null;
}

export interface OrderEventsView {
  readonly events: readonly (OrderCreatedEvent | OrderPaymentOpenedEvent | OrderPaymentUnavailableEvent | OrderPaymentRefusedEvent | OrderPaymentSurplusEvent | OrderPaymentRefundedEvent | OrderPaidEvent | OrderUnitsShippedEvent | OrderJoinedEvent | OrderReopenedEvent | OrderExpiredEvent | OrderCancelledEvent)[];
  readonly next: number | null;
}

export interface OrderExpiredEvent {
  readonly version: number;
  readonly type: "order.expired";
  readonly payload: EmptyPayload;
  readonly at: string;
}

export interface OrderInput {
  readonly pictureIds: readonly string[];
}

export interface OrderJoinedEvent {
  readonly version: number;
  readonly type: "order.joined";
  readonly payload: EmptyPayload;
  readonly at: string;
}

export interface OrderLineView {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: MoneyView;
}

export interface OrderPaidEvent {
  readonly version: number;
  readonly type: "order.paid";
  readonly payload: OrderPaidPayload;
  readonly at: string;
}

export interface OrderPaidPayload {
  readonly refId: string | null;
  readonly attemptId: string;
  readonly gateway: string;
  readonly amount: MoneyView;
}

export interface OrderPaymentOpenedEvent {
  readonly version: number;
  readonly type: "order.payment_opened";
  readonly payload: PaymentOpenedPayload;
  readonly at: string;
}

export interface OrderPaymentRefundedEvent {
  readonly version: number;
  readonly type: "order.payment_refunded";
  readonly payload: PaymentAmountPayload;
  readonly at: string;
}

export interface OrderPaymentRefusedEvent {
  readonly version: number;
  readonly type: "order.payment_refused";
  readonly payload: PaymentRefusedPayload;
  readonly at: string;
}

export interface OrderPaymentSurplusEvent {
  readonly version: number;
  readonly type: "order.payment_surplus";
  readonly payload: PaymentAmountPayload;
  readonly at: string;
}

export interface OrderPaymentUnavailableEvent {
  readonly version: number;
  readonly type: "order.payment_unavailable";
  readonly payload: PaymentUnavailablePayload;
  readonly at: string;
}

export interface OrderReopenedEvent {
  readonly version: number;
  readonly type: "order.reopened";
  readonly payload: AttemptPayload;
  readonly at: string;
}

export interface OrderRequestView {
  readonly by: "decision" | "staff";
  readonly id: string;
  readonly accountId: string | null;
  readonly quantity: number;
  readonly at: string;
}

export interface OrderUnitsShippedEvent {
  readonly version: number;
  readonly type: "order.units_shipped";
  readonly payload: UnitsShippedPayload;
  readonly at: string;
}

export interface OrderView {
  readonly id: string;
  readonly number: number;
  readonly status: "awaiting_payment" | "placed" | "expired" | "cancelled";
  readonly paymentStatus: "unpaid" | "paid" | "partly_refunded" | "refunded";
  readonly total: MoneyView;
  readonly units: number;
  readonly createdAt: string;
  readonly paymentDeadline: string;
  readonly version: number;
}

export interface OrderedLineInput {
  readonly variantId: string;
  readonly quantity: number;
}

export interface OwnOrdersView {
  readonly orders: readonly OrderView[];
  readonly next: number | null;
}

export interface PageViewInput {
  readonly name: "page_view";
  readonly page: "home" | "category" | "product" | "search" | "cart" | "checkout" | "payment_result" | "order" | "account" | "chat" | "support" | "other";
  readonly source?: "direct" | "search" | "social" | "campaign" | "referral";
  readonly device?: "phone" | "tablet" | "desktop";
  readonly id: string;
}

export interface ParkedSignalView {
  readonly id: string;
  readonly eventId: number;
  readonly workflow: string;
  readonly target: string;
  readonly reason: string;
  readonly times: number;
  readonly parkedAt: string;
  readonly retryRequestedAt: string | null;
}

export interface ParkedSignalsView {
  readonly items: readonly ParkedSignalView[];
  readonly next: string | null;
}

export interface PaymentAmountPayload {
  readonly amount: MoneyView;
  readonly attemptId: string;
  readonly gateway: string;
}

export interface PaymentCallbackView {
  readonly resultToken: string;
  readonly status: "paid" | "pending" | "unpaid" | "refused" | "owed" | "refunded";
  readonly isFinal: boolean;
  readonly amount: MoneyView;
  readonly orderNumber: number;
  readonly receipt: string | null;
  readonly at: string;
  readonly canPayAgain: boolean;
}

export interface PaymentOpenedPayload {
  readonly payableUntil: string;
  readonly attemptId: string;
  readonly gateway: string;
  readonly amount: MoneyView;
}

export interface PaymentPageView {
  readonly attemptId: string | null;
  readonly gateway: string | null;
  readonly redirect: string | null;
  readonly payableUntil: string | null;
  readonly reason: "gateway_unavailable" | "payment_pending" | "not_payable" | "sign_in_needed" | null;
}

export interface PaymentRefusedPayload {
  readonly reason: "stock_gone" | "order_cancelled" | "order_paid_otherwise" | "cart_has_another_order" | "rejected_by_gateway" | "decided_by_staff";
  readonly attemptId: string;
  readonly gateway: string;
}

export interface PaymentResultView {
  readonly status: "paid" | "pending" | "unpaid" | "refused" | "owed" | "refunded";
  readonly isFinal: boolean;
  readonly amount: MoneyView;
  readonly orderNumber: number;
  readonly receipt: string | null;
  readonly at: string;
  readonly canPayAgain: boolean;
}

export interface PaymentUnavailablePayload {
  readonly reason: "gateway_unavailable";
  readonly attemptId: string;
  readonly gateway: string;
}

export interface PersonalDataView {
  readonly tables: Readonly<Record<string, unknown>>;
}

export interface PictureSizeView {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

export interface PictureView {
  readonly id: string;
  readonly altFa: string;
  readonly altEn: string;
  readonly sizes: readonly PictureSizeView[];
}

export interface PlanPriceInput {
  readonly price: PriceInput;
  readonly startsAt?: string | null;
  readonly endsAt: string;
}

export interface PlannedPriceView {
  readonly id: string;
  readonly price: MoneyView;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface PoliciesView {
  readonly items: readonly PolicyView[];
  readonly next: string | null;
}

export interface PolicyInput {
  readonly kind: "min_max" | "s_S" | "days_of_cover" | "forecast";
  readonly min?: number;
  readonly max?: number;
  readonly reorderPoint?: number;
  readonly safetyDays?: number;
  readonly coverDays?: number;
  readonly service?: "cycle" | "fill";
  readonly level?: number;
}

export interface PolicyView {
  readonly id: string;
  readonly variantId: string;
  readonly sku: string;
  readonly locationId: string | null;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly valueLimit: number | null;
  readonly paused: boolean;
  readonly reorderPoint: number | null;
  readonly upTo: number | null;
  readonly position: PositionView;
  readonly expectation: ExpectationView | null;
  readonly stuck: "no_supplier" | "no_inputs" | "declined" | null;
  readonly version: number;
}

export interface PositionView {
  readonly onHand: number;
  readonly inTransit: number;
  readonly onOrder: number;
}

export interface PreferenceView {
  readonly category: "order" | "payment" | "support" | "stock" | "security" | "desk" | "purchasing";
  readonly channel: "in_app" | "sms";
  readonly isOn: boolean;
  readonly isFixed: boolean;
}

export interface PreferencesView {
  readonly items: readonly PreferenceView[];
}

export interface PriceInput {
  readonly amount: number;
  readonly currency: "IRR";
}

export interface PrioritiseInput {
  readonly priority: "low" | "medium" | "high" | "urgent";
}

export interface ProblemView {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: "request.invalid" | "request.malformed" | "request.host_missing" | "request.timeout" | "request.too_large" | "request.unsupported_media_type" | "request.expectation_failed" | "request.head_too_large" | "request.idempotency_key_missing" | "request.idempotency_key_reused" | "request.if_match_missing" | "request.too_many" | "route.not_found" | "route.method_not_allowed" | "socket.verb_unknown" | "socket.rooms_too_many" | "socket.connections_too_many" | "access.token_missing" | "access.token_invalid" | "access.forbidden" | "service.unavailable" | "service.failed" | "stock.location_not_found" | "stock.location_changed" | "stock.location_code_taken" | "stock.quarantine_sells" | "stock.level_not_found" | "stock.variant_retired" | "stock.moved" | "stock.below_reserved" | "stock.too_many_units" | "stock.cursor_invalid" | "transfer.not_found" | "transfer.changed" | "transfer.same_location" | "transfer.not_draft" | "transfer.not_in_transit" | "transfer.not_free" | "transfer.line_not_found" | "transfer.more_than_sent" | "transfer.unanswered" | "count.not_found" | "count.changed" | "count.location_busy" | "count.over" | "count.too_many_lines" | "count.unfinished" | "count.corrected_since" | "count.another_must_approve" | "catalog.product_not_found" | "catalog.product_changed" | "catalog.category_not_found" | "catalog.category_changed" | "catalog.variant_not_found" | "catalog.planned_price_not_found" | "catalog.cursor_invalid" | "catalog.category_unknown" | "catalog.slug_taken" | "catalog.sku_taken" | "catalog.move_refused" | "catalog.no_active_variant" | "catalog.variant_limit" | "catalog.planned_price_overlaps" | "catalog.planned_price_never" | "catalog.planned_price_over" | "catalog.planned_price_limit" | "catalog.category_limit" | "catalog.category_too_deep" | "catalog.category_cycle" | "catalog.category_not_empty" | "picture.not_found" | "picture.too_many" | "picture.upload_expired" | "picture.order_incomplete" | "upload.not_signed" | "upload.exists" | "upload.empty" | "import.not_found" | "import.refused" | "cart.not_found" | "cart.not_yours" | "cart.line_not_found" | "cart.line_limit" | "cart.quantity_limit" | "cart.variant_not_sellable" | "cart.empty" | "checkout.cart_changed" | "checkout.price_changed" | "checkout.not_sellable" | "checkout.out_of_stock" | "checkout.recipient_missing" | "checkout.order_open" | "checkout.too_many_open_orders" | "checkout.held_limit" | "checkout.unit_limit" | "checkout.amount_too_small" | "checkout.amount_too_large" | "order.not_found" | "order.sign_in_needed" | "order.not_cancellable" | "order.verifying" | "order.not_awaiting_payment" | "order.not_paid" | "order.line_not_sold" | "order.more_than_sold" | "order.already_shipped" | "order.lost" | "payment.attempt_limit" | "payment.too_late" | "payment.not_found" | "payment.gateway_unknown" | "payment.reference_taken" | "payment.result_invalid" | "auth.session_over" | "auth.proof_needed" | "auth.account_blocked" | "auth.phone_invalid" | "auth.session_not_found" | "auth.work_needed" | "auth.factor_missing" | "auth.factor_exists" | "auth.factor_wrong" | "auth.code_wrong" | "auth.code_over" | "auth.code_too_soon" | "auth.codes_too_many" | "auth.guesses_too_many" | "auth.codes_exhausted" | "auth.origin_refused" | "auth.cookies_off" | "auth.ticket_invalid" | "auth.cookie_twice" | "staff.not_found" | "staff.not_yourself" | "staff.last_admin" | "account.not_found" | "chat.room_not_found" | "chat.message_not_found" | "chat.person_not_found" | "chat.member_not_found" | "chat.not_permitted" | "chat.blocked" | "chat.room_archived" | "chat.room_kind" | "chat.room_full" | "chat.rooms_too_many" | "chat.edit_too_late" | "chat.message_deleted" | "chat.client_id_reused" | "chat.text_invalid" | "chat.attachment_not_found" | "chat.attachment_not_ready" | "chat.attachment_expired" | "chat.attachment_quota" | "chat.report_not_found" | "chat.report_resolved" | "ticket.not_found" | "ticket.too_many_open" | "ticket.transition" | "ticket.closed" | "ticket.assigned_otherwise" | "ticket.assignee_unfit" | "ticket.own" | "ticket.not_resolved" | "ticket.rated_already" | "ticket.client_id_reused" | "sla_target.changed" | "canned_answer.not_found" | "canned_answer.changed" | "canned_answer.too_many" | "canned_answer.variables" | "address.not_found" | "address.changed" | "address.too_many" | "number_change.not_found" | "number_change.over" | "number_change.same" | "number_change.taken" | "number_change.not_proved" | "account.order_open" | "account.has_roles" | "suppliers.not_found" | "suppliers.version_moved" | "suppliers.variant_unknown" | "suppliers.location_unknown" | "suppliers.paused" | "suppliers.item_unknown" | "suppliers.pack_broken" | "suppliers.below_minimum_order" | "suppliers.cost_reserved" | "suppliers.sku_taken" | "suppliers.address_invalid" | "suppliers.reply_unreadable" | "suppliers.no_secret" | "purchase_orders.not_found" | "purchase_orders.not_collecting" | "purchase_orders.not_awaiting_approval" | "purchase_orders.own_approval" | "purchase_orders.not_cancellable" | "purchase_orders.not_ordered" | "purchase_orders.nothing_to_send" | "purchase_orders.not_open" | "purchase_orders.line_unknown" | "purchase_orders.line_empty" | "purchase_orders.too_many_units" | "purchase_orders.too_valuable" | "purchase_orders.too_many_receipts" | "purchase_orders.receipt_differs" | "sms.template_unknown" | "sms.variables_invalid" | "sms.recipient_invalid" | "sms.not_found" | "sms.not_ambiguous" | "campaigns.not_found" | "campaigns.version_moved" | "campaigns.not_draft" | "campaigns.over" | "campaigns.not_running" | "campaigns.not_paused" | "campaigns.code_template" | "campaigns.no_link" | "campaigns.hours_empty" | "campaigns.filter_misplaced" | "campaigns.table_unreadable" | "campaigns.no_table" | "campaigns.takes_no_table" | "campaigns.nobody" | "campaigns.too_many" | "campaigns.approval_needed" | "campaigns.own_approval" | "campaigns.budget_spent" | "campaigns.starts_late" | "campaigns.link_unknown" | "schedule.not_found" | "schedule.backfill_invalid" | "relay.not_parked" | "notification.channel_fixed" | "notification.zone_unknown" | "stock_subscription.not_found" | "stock_subscription.too_many" | "stock_subscription.available" | "replenishment.policy_not_found" | "replenishment.policy_exists" | "replenishment.policy_changed" | "replenishment.variant_unknown" | "replenishment.location_unknown" | "tracking.full";
  readonly requestId: string;
  readonly errors?: readonly FieldErrorView[];
  readonly retryAfterSeconds?: number;
  readonly attemptsLeft?: number;
  readonly workChallenge?: string;
  readonly variantId?: string;
  readonly quantity?: number;
  readonly limit?: number;
  readonly available?: number;
  readonly nextEndsAt?: string;
  readonly units?: number;
  readonly version?: number;
  readonly lines?: readonly RefusedLineView[];
  readonly onHand?: number;
  readonly shortages?: readonly StockShortageView[];
  readonly holders?: readonly StockHolderView[];
  readonly total?: MoneyView;
  readonly minimum?: MoneyView;
  readonly maximum?: MoneyView;
  readonly orderId?: string;
  readonly orderToken?: string;
  readonly orderStatus?: "awaiting_payment" | "placed" | "expired" | "cancelled";
  readonly gateway?: string;
  readonly problems?: readonly LineProblemView[];
}

export interface ProductListView {
  readonly items: readonly ProductSummaryView[];
  readonly nextCursor: string | null;
  readonly match: "exact" | "similar";
}

export interface ProductSummaryView {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly brand: string;
  readonly imageUrl: string | null;
  readonly category: CategoryNameView;
  readonly priceFrom: MoneyView;
  readonly priceTo: MoneyView;
  readonly inStock: boolean;
}

export interface ProductView {
  readonly description: string;
  readonly imageUrls: readonly string[];
  readonly pictures: readonly PictureView[];
  readonly categories: readonly CategoryNameView[];
  readonly variants: readonly VariantView[];
  readonly recommendations: RecommendationsView;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly brand: string;
  readonly imageUrl: string | null;
  readonly category: CategoryNameView;
  readonly priceFrom: MoneyView;
  readonly priceTo: MoneyView;
  readonly inStock: boolean;
}

export interface ProductViewInput {
  readonly name: "product_view";
  readonly productId: string;
  readonly id: string;
}

export interface ProfileView {
  readonly id: string;
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly language: "fa" | "en";
  readonly marketing: MarketingView;
  readonly roles: readonly ("customer" | "support" | "staff" | "admin")[];
  readonly createdAt: string;
}

export interface ProofInput {
  readonly verificationId: string;
  readonly code: string;
}

export interface ProofView {
  readonly provedAt: string;
  readonly freshUntil: string;
}

export interface ProveFactorInput {
  readonly code?: string;
  readonly recoveryCode?: string;
}

export interface ProviderSuccessView {
  readonly provider: string;
  readonly tried: number;
  readonly succeeded: number;
}

export interface ProvinceView {
  readonly code: string;
  readonly name: string;
  readonly englishName: string;
  readonly cities: readonly CityView[];
}

export interface ProvincesView {
  readonly items: readonly ProvinceView[];
}

export interface PublicKeyView {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

export interface PublicKeysView {
  readonly keys: readonly PublicKeyView[];
}

export interface PurchaseOrderLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly supplierSku: string;
  readonly ordered: number;
  readonly confirmed: number | null;
  readonly received: number;
  readonly over: number;
  readonly unitCost: number | null;
  readonly requests: readonly OrderRequestView[];
}

export interface PurchaseOrderSummaryView {
  readonly id: string;
  readonly number: number;
  readonly supplierId: string;
  readonly supplierName: string;
  readonly locationId: string;
  readonly status: "collecting" | "awaiting_approval" | "sending" | "ordered" | "partly_received" | "received" | "closed_short" | "cancelled" | "refused";
  readonly attention: "late" | "refused" | "partly_accepted" | "unreachable" | "cancellation_refused" | "unapproved" | null;
  readonly createdAt: string;
  readonly cutoffAt: string;
  readonly orderedAt: string | null;
  readonly expectedAt: string | null;
  readonly finishedAt: string | null;
}

export interface PurchaseOrderView {
  readonly createdBy: string | null;
  readonly approvedBy: string | null;
  readonly approvalReasons: readonly ("days_of_demand" | "value" | "unknown_cost" | "below_minimum" | "refused_before" | "supplier_paused")[];
  readonly lines: readonly PurchaseOrderLineView[];
  readonly messages: readonly SupplierMessageView[];
  readonly replies: readonly SupplierReplyView[];
  readonly receipts: readonly PurchasingReceiptView[];
  readonly id: string;
  readonly number: number;
  readonly supplierId: string;
  readonly supplierName: string;
  readonly locationId: string;
  readonly status: "collecting" | "awaiting_approval" | "sending" | "ordered" | "partly_received" | "received" | "closed_short" | "cancelled" | "refused";
  readonly attention: "late" | "refused" | "partly_accepted" | "unreachable" | "cancellation_refused" | "unapproved" | null;
  readonly createdAt: string;
  readonly cutoffAt: string;
  readonly orderedAt: string | null;
  readonly expectedAt: string | null;
  readonly finishedAt: string | null;
}

export interface PurchaseOrdersView {
  readonly items: readonly PurchaseOrderSummaryView[];
  readonly next: number | null;
}

export interface PurchasingReceiptView {
  readonly id: string;
  readonly accountId: string;
  readonly note: string | null;
  readonly receivedAt: string;
  readonly lines: readonly ReceiptLineView[];
}

export interface PutRecipientInput {
  readonly recipient?: RecipientInput;
  readonly addressId?: string;
}

export interface QueueView {
  readonly items: readonly DeskTicketView[];
  readonly nextCursor: string | null;
}

export interface RateInput {
  readonly score: number;
}

export interface ReadInput {
  readonly seq: number;
}

export interface ReadView {
  readonly lastReadSeq: number;
}

export interface ReadinessView {
  readonly ticketId: string | null;
  readonly readyUntil: string;
}

export interface ReadyInput {
  readonly most?: number;
  readonly teams: readonly ("technical" | "billing" | "general")[];
}

export interface ReadyView {
  readonly status: "ready" | "degraded" | "not_ready";
  readonly away: readonly string[];
}

export interface RebuildInput {
  readonly from: string;
}

export interface ReceiptInput {
  readonly receiptId: string;
  readonly lines: readonly ReceivedLineInput[];
  readonly note?: string;
}

export interface ReceiptLineView {
  readonly variantId: string;
  readonly received: number;
  readonly refused: number;
}

export interface ReceiptView {
  readonly gateway: string;
  readonly number: string | null;
  readonly amount: MoneyView;
  readonly paidAt: string;
}

export interface ReceivedLineInput {
  readonly variantId: string;
  readonly received?: number;
  readonly refused?: number;
}

export interface RecipientInPartView {
  readonly initial: string;
  readonly phoneEnding: string;
  readonly city: string;
}

export interface RecipientInput {
  readonly name: string;
  readonly phone: string;
  readonly province: string;
  readonly city: string;
  readonly postalCode: string;
  readonly lines: readonly string[];
  readonly plaque?: string;
  readonly unit?: string;
  readonly location?: LocationInput;
}

export interface RecipientView {
  readonly name: string;
  readonly phone: string;
  readonly province: string;
  readonly city: string;
  readonly postalCode: string;
  readonly lines: readonly string[];
  readonly plaque: string | null;
  readonly unit: string | null;
  readonly location: LocationView | null;
}

export interface RecommendationsView {
  readonly together: readonly ProductSummaryView[];
  readonly similar: readonly ProductSummaryView[];
}

export interface RefreshInput {
  readonly refreshToken?: string;
}

export interface RefusedLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity?: number;
}

export interface ReportInput {
  readonly reason: "spam" | "abuse" | "fraud" | "other";
  readonly note?: string;
}

export interface ReportView {
  readonly id: string;
  readonly roomId: string;
  readonly roomKind: "direct" | "group" | "support" | "shop";
  readonly seq: number;
  readonly senderId: string;
  readonly text: string;
  readonly isDeleted: boolean;
  readonly reporterId: string;
  readonly reason: "spam" | "abuse" | "fraud" | "other";
  readonly note: string;
  readonly createdAt: string;
  readonly resolution: "dismissed" | "message_deleted" | "room_archived" | null;
  readonly resolvedAt: string | null;
}

export interface ReportsView {
  readonly items: readonly ReportView[];
  readonly nextCursor: string | null;
}

export interface RequestCodeInput {
  readonly phone: string;
  readonly language?: "fa" | "en";
}

export interface RequestNumberChangeInput {
  readonly newPhone: string;
}

export interface RequestProofInput {
  readonly language: "fa" | "en";
}

export interface RequestedNumberChangeView {
  readonly id: string;
  readonly expiresAt: string;
}

export interface ResolveReportInput {
  readonly resolution: "dismissed" | "message_deleted" | "room_archived";
}

export interface RoomView {
  readonly id: string;
  readonly kind: "direct" | "group" | "support" | "shop";
  readonly state: "active" | "archived";
  readonly title: string | null;
  readonly history: "all" | "since_joining";
  readonly role: "owner" | "moderator" | "member" | null;
  readonly version: number;
  readonly lastSeq: number;
  readonly lastReadSeq: number;
  readonly unread: number;
  readonly members: number;
  readonly peerId: string | null;
  readonly peerName: string | null;
  readonly isWritable: boolean;
  readonly lastMessage: LastMessageView | null;
  readonly activeAt: string;
}

export interface RoomsView {
  readonly items: readonly RoomView[];
  readonly nextCursor: string | null;
}

export interface ScheduleReasonInput {
  readonly reason: string;
}

export interface ScheduleRunView {
  readonly state: "running" | "done" | "failed";
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly workflowId: string;
}

export interface ScheduleStatusView {
  readonly isPaused: boolean;
  readonly note: string | null;
  readonly nextAt: string | null;
  readonly isRunning: boolean;
  readonly missed: number;
  readonly skipped: number;
}

export interface ScheduleView {
  readonly id: string;
  readonly summary: string;
  readonly everySeconds: number;
  readonly status: ScheduleStatusView | null;
  readonly lastRun: ScheduleRunView | null;
  readonly lastSuccessAt: string | null;
  readonly isLate: boolean;
}

export interface SchedulesView {
  readonly items: readonly ScheduleView[];
}

export interface SearchedInput {
  readonly name: "search";
  readonly results: number;
  readonly id: string;
}

export interface SecondFactorInput {
  readonly token: string;
  readonly delivery: "body" | "cookie";
  readonly deviceLabel?: string;
  readonly cart?: "merge" | "keep";
  readonly code?: string;
  readonly recoveryCode?: string;
}

export interface SecondFactorNeededView {
  readonly secondFactor: SecondFactorView;
  readonly deviceToken: string;
}

export interface SecondFactorView {
  readonly token: string;
  readonly expiresAt: string;
}

export type SendAgainInput = Readonly<Record<string, never>>;

export interface SendMessageInput {
  readonly clientId: string;
  readonly text: string;
  readonly replyToSeq?: number;
  readonly attachmentIds?: readonly string[];
}

export interface SendSmsInput {
  readonly to: string;
  readonly template: string;
  readonly language?: "fa" | "en";
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface ServedView {
  readonly l1: number;
  readonly l2: number;
  readonly load: number;
  readonly stale: number;
  readonly bypass: number;
}

export interface SessionView {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string | null;
}

export interface SetLevelInput {
  readonly seen: number;
  readonly onHand: number;
  readonly cause: "count" | "damaged" | "lost" | "found" | "expired" | "sample" | "other";
  readonly note?: string;
}

export interface SetQuantityInput {
  readonly quantity: number;
}

export interface SettingsInput {
  readonly zone: string;
  readonly locale: "fa" | "en" | null;
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly digest: "off" | "daily";
  readonly digestHour: number;
}

export interface SettingsView {
  readonly zone: string;
  readonly locale: "fa" | "en" | null;
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly digest: "off" | "daily";
  readonly digestHour: number;
}

export interface ShippedInput {
  readonly lines: readonly ShippedLineInput[];
}

export interface ShippedLineInput {
  readonly shipped: number;
  readonly variantId: string;
  readonly locationId: string;
}

export interface ShopRoomView {
  readonly id: string;
  readonly title: string;
  readonly members: number;
  readonly isMember: boolean;
  readonly createdAt: string;
}

export interface ShopRoomsView {
  readonly items: readonly ShopRoomView[];
  readonly nextCursor: string | null;
}

export interface SignInInput {
  readonly verificationId: string;
  readonly phone: string;
  readonly code: string;
  readonly delivery: "body" | "cookie";
  readonly deviceLabel?: string;
  readonly cart?: "merge" | "keep";
}

export interface SignedInStaffView {
  readonly session: SessionView;
  readonly cart: JoinedCartView | null;
}

export interface SignedInView {
  readonly session: SessionView;
  readonly deviceToken: string;
  readonly cart: JoinedCartView | null;
}

export interface SlaTargetInput {
  readonly firstResponseMinutes: number;
  readonly nextResponseMinutes: number;
  readonly resolutionMinutes: number;
}

export interface SlaTargetView {
  readonly priority: "low" | "medium" | "high" | "urgent";
  readonly firstResponseMinutes: number;
  readonly nextResponseMinutes: number;
  readonly resolutionMinutes: number;
  readonly version: number;
}

export interface SlaTargetsView {
  readonly items: readonly SlaTargetView[];
}

export interface SmsAttemptView {
  readonly id: string;
  readonly provider: string;
  readonly operation: "template" | "text";
  readonly status: "sending" | "unknown" | "accepted" | "refused" | "not_sent" | "abandoned";
  readonly refusal: "stop" | "bug" | "config" | "overload" | null;
  readonly code: string | null;
  readonly explanation: string | null;
  readonly cost: SmsCostView | null;
  readonly latencyMs: number | null;
  readonly isProbe: boolean;
  readonly delivery: "pending" | "undelivered" | "delivered" | "failed" | null;
  readonly startedAt: string;
  readonly deliveredAt: string | null;
}

export interface SmsCostView {
  readonly amount: string;
  readonly unit: string;
}

export interface SmsMessageView {
  readonly id: string;
  readonly kind: "code" | "notice";
  readonly template: string;
  readonly language: "fa" | "en";
  readonly to: string;
  readonly status: "queued" | "sending" | "ambiguous" | "accepted" | "undelivered" | "unconfirmed" | "delivered" | "refused" | "failed" | "cancelled";
  readonly reason: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly finishedAt: string | null;
  readonly attempts: readonly SmsAttemptView[];
}

export interface SmsTemplateView {
  readonly key: string;
  readonly language: "fa" | "en";
  readonly kind: "code" | "notice";
  readonly text: string;
  readonly variables: readonly SmsVariableView[];
}

export interface SmsTemplatesView {
  readonly items: readonly SmsTemplateView[];
}

export interface SmsVariableView {
  readonly name: string;
  readonly form: "digits" | "word" | "text";
  readonly longest: number;
}

export interface SoldOrderView {
  readonly lines: readonly SoldUnitsView[];
}

export interface SoldUnitsView {
  readonly variantId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly shipped: number;
}

export interface StaffActionView {
  readonly id: number;
  readonly accountId: string;
  readonly sessionId: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly at: string;
}

export interface StaffActionsView {
  readonly items: readonly StaffActionView[];
  readonly next: number | null;
}

export interface StaffAnswerInput {
  readonly clientId: string;
  readonly text?: string;
  readonly canned?: CannedChoiceInput;
  readonly seen?: number;
  readonly status?: "pending_customer" | "pending_agent" | "in_progress" | "resolved";
}

export interface StaffCategoriesView {
  readonly items: readonly StaffCategoryView[];
}

export interface StaffCategoryView {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly parentId: string | null;
  readonly products: number;
  readonly version: number;
}

export interface StaffMemberView {
  readonly id: string;
  readonly phone: string;
  readonly roles: readonly ("support" | "staff" | "admin")[];
  readonly isEnrolled: boolean;
  readonly isBlocked: boolean;
  readonly since: string;
}

export interface StaffPictureView {
  readonly status: "pending" | "uploaded" | "ready" | "failed" | "removed";
  readonly failure: "animated" | "duplicate" | "not_a_picture" | "not_processed" | "not_uploaded" | "too_large" | "too_many_pixels" | "wrong_size" | null;
  readonly createdAt: string;
  readonly id: string;
  readonly altFa: string;
  readonly altEn: string;
  readonly sizes: readonly PictureSizeView[];
}

export interface StaffPicturesView {
  readonly version: number;
  readonly items: readonly StaffPictureView[];
}

export interface StaffProductSummaryView {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly brand: string;
  readonly categoryId: string;
  readonly status: "draft" | "published" | "archived";
  readonly variants: number;
  readonly version: number;
  readonly createdAt: string;
}

export interface StaffProductView {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly brand: string;
  readonly keywords: string;
  readonly description: string;
  readonly categoryId: string;
  readonly status: "draft" | "published" | "archived";
  readonly variants: readonly StaffVariantView[];
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface StaffProductsView {
  readonly items: readonly StaffProductSummaryView[];
  readonly nextCursor: string | null;
}

export interface StaffVariantView {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly status: "active" | "retired";
  readonly price: MoneyView;
  readonly priceNow: MoneyView;
  readonly plannedPrices: readonly PlannedPriceView[];
  readonly available: number;
}

export interface StaffView {
  readonly items: readonly StaffMemberView[];
}

export interface StartInput {
  readonly startsAt?: string;
}

export interface StockHolderView {
  readonly orderId: string;
  readonly variantId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly isPaid: boolean;
}

export interface StockLocationInput {
  readonly code: string;
  readonly title: string;
  readonly priority?: number;
  readonly sells: boolean;
  readonly kind: "shop" | "warehouse" | "quarantine";
}

export interface StockLocationView {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly priority: number;
  readonly sells: boolean;
  readonly kind: "shop" | "warehouse" | "quarantine";
  readonly version: number;
}

export interface StockReceiptInput {
  readonly lines: readonly UnitsInput[];
}

export interface StockShortageView {
  readonly variantId: string;
  readonly locationId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly left: number;
}

export interface SupplierInput {
  readonly name: string;
  readonly address: string | null;
  readonly leadDays: number;
  readonly leadSd?: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
  readonly reviewDays?: number;
  readonly minimumValue?: number | null;
  readonly approvalLimit?: number | null;
}

export interface SupplierItemInput {
  readonly supplierSku: string;
  readonly pack?: number;
  readonly minimumOrder?: number;
  readonly unitCost?: number | null;
  readonly preferred?: boolean;
}

export interface SupplierItemView {
  readonly variantId: string;
  readonly sku: string;
  readonly supplierSku: string;
  readonly pack: number;
  readonly minimumOrder: number;
  readonly unitCost: number | null;
  readonly preferred: boolean;
}

export interface SupplierMessageView {
  readonly webhookId: string;
  readonly kind: "order" | "cancel";
  readonly status: "pending" | "sending" | "unknown" | "sent" | "refused" | "withdrawn";
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly answer: string | null;
}

export interface SupplierReplyView {
  readonly webhookId: string;
  readonly verdict: "genuine" | "forged" | "old" | "repeated" | "foreign" | "malformed" | null;
  readonly receivedAt: string;
}

export interface SupplierSummaryView {
  readonly id: string;
  readonly name: string;
  readonly channel: "webhook" | "email" | "manual";
  readonly status: "active" | "paused";
  readonly version: number;
}

export interface SupplierView {
  readonly address: string | null;
  readonly leadDays: number;
  readonly leadSd: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
  readonly reviewDays: number;
  readonly minimumValue: number | null;
  readonly approvalLimit: number | null;
  readonly replyTo: string | null;
  readonly items: readonly SupplierItemView[];
  readonly id: string;
  readonly name: string;
  readonly channel: "webhook" | "email" | "manual";
  readonly status: "active" | "paused";
  readonly version: number;
}

export interface SupplierWithSecretView {
  readonly secret: string | null;
  readonly id: string;
  readonly name: string;
  readonly channel: "webhook" | "email" | "manual";
  readonly status: "active" | "paused";
  readonly version: number;
  readonly address: string | null;
  readonly leadDays: number;
  readonly leadSd: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
  readonly reviewDays: number;
  readonly minimumValue: number | null;
  readonly approvalLimit: number | null;
  readonly replyTo: string | null;
  readonly items: readonly SupplierItemView[];
}

export interface SuppliersView {
  readonly items: readonly SupplierSummaryView[];
}

export interface SupportTicketView {
  readonly id: string;
  readonly number: string;
  readonly category: "technical" | "billing" | "general" | "complaint" | "feature_request";
  readonly subject: string;
  readonly status: "open" | "in_progress" | "pending_customer" | "pending_agent" | "resolved" | "closed";
  readonly followsId: string | null;
  readonly lastSeq: number;
  readonly rating: number | null;
  readonly createdAt: string;
  readonly version: number;
}

export interface TakenView {
  readonly ticketId: string | null;
}

export interface TeamsInput {
  readonly teams: readonly ("technical" | "billing" | "general")[];
}

export interface TicketMessageView {
  readonly seq: number;
  readonly text: string;
  readonly by: "customer" | "shop";
  readonly clientId: string;
  readonly createdAt: string;
}

export interface TicketMessagesView {
  readonly items: readonly TicketMessageView[];
  readonly after: number | null;
}

export interface TicketView {
  readonly ticket: string;
  readonly expiresAt: string;
}

export interface TicketsView {
  readonly items: readonly SupportTicketView[];
  readonly nextCursor: string | null;
}

export interface TitledRoomInput {
  readonly title: string;
  readonly history?: "all" | "since_joining";
}

export interface TrackedView {
  readonly accepted: number;
}

export interface TrackingBatchInput {
  readonly session: string;
  readonly events: readonly (PageViewInput | ProductViewInput | SearchedInput | AddToCartInput | CheckoutBegunInput)[];
}

export interface TransferInput {
  readonly fromId: string;
  readonly toId: string;
  readonly lines: readonly UnitsInput[];
  readonly note?: string;
}

export interface TransferLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly sent: number;
  readonly received: number;
  readonly returned: number;
  readonly lost: number;
}

export interface TransferView {
  readonly id: string;
  readonly number: number;
  readonly fromId: string;
  readonly toId: string;
  readonly status: "draft" | "in_transit" | "received" | "cancelled";
  readonly note: string | null;
  readonly createdAt: string;
  readonly shippedAt: string | null;
  readonly endedAt: string | null;
  readonly version: number;
  readonly lines: readonly TransferLineView[];
}

export interface TransfersView {
  readonly items: readonly TransferView[];
  readonly next: number | null;
}

export interface TroubledCallView {
  readonly id: string;
  readonly ordinal: number;
  readonly provider: string;
  readonly status: "sending" | "unknown" | "accepted" | "refused" | "ambiguous" | "not_sent";
  readonly size: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly calledAt: string | null;
}

export interface UnansweredInput {
  readonly variantId: string;
  readonly returned: number;
  readonly lost: number;
}

export interface UnitsInput {
  readonly variantId: string;
  readonly quantity: number;
}

export interface UnitsShippedPayload {
  readonly sku: string;
  readonly quantity: number;
}

export interface UploadCountsView {
  readonly lines: number;
  readonly invalid: number;
  readonly repeated: number;
  readonly notWanted: number;
  readonly taken: number;
}

export interface UploadInput {
  readonly type: "image/avif" | "image/jpeg" | "image/png" | "image/webp";
  readonly bytes: number;
}

export interface UploadView {
  readonly pictureId: string;
  readonly method: "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly expiresAt: string;
}

export interface ValueInput {
  readonly name: string;
  readonly value: string;
}

export interface VariantStatusInput {
  readonly status: "active" | "retired";
}

export interface VariantView {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly price: MoneyView;
  readonly inStock: boolean;
  readonly available: number;
}

export interface VerificationView {
  readonly id: string;
  readonly expiresAt: string;
  readonly resendAfterSeconds: number | null;
}

export interface ViolationView {
  readonly invariant: string;
  readonly sentence: string;
  readonly count: number;
  readonly rows: readonly (Readonly<Record<string, unknown>>)[];
}

export interface WarmingProgressView {
  readonly isChecking: boolean;
  readonly at: number;
  readonly addresses: number;
}

export interface WarmingView {
  readonly state: "running" | "done" | "failed";
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: WarmingProgressView | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
}

export interface WatchStockInput {
  readonly kind: "low" | "out" | "back";
  readonly variantId?: string;
  readonly categoryId?: string;
  readonly channel?: "sms";
}

export interface WatchedCategoryView {
  readonly id: string;
  readonly title: string;
}

export interface WatchedStockView {
  readonly id: string;
  readonly kind: "low" | "out" | "back";
  readonly variant: WatchedVariantView | null;
  readonly category: WatchedCategoryView | null;
  readonly channel: "sms";
  readonly createdAt: string;
}

export interface WatchedStocksView {
  readonly items: readonly WatchedStockView[];
}

export interface WatchedVariantView {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly productSlug: string;
  readonly productTitle: string;
}

export interface WriteInput {
  readonly clientId: string;
  readonly text: string;
}

/** What each operation takes and what it answers. */
export interface Operations {
  /** Whether the process lives. */
  readonly getLiveness: { readonly request: object; readonly answer: LiveView };
  /** Whether the process should get requests. */
  readonly getReadiness: { readonly request: object; readonly answer: ReadyView };
  /** The public keys of access tokens. */
  readonly listPublicKeys: { readonly request: object; readonly answer: PublicKeysView };
  /** Ask whether messages about offers shall end. */
  readonly showEndMessages: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: OfferMessagesView };
  /** End messages about offers. */
  readonly endMessages: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: OfferMessagesView };
  /** The tree of categories. */
  readonly listCategories: { readonly request: { readonly query?: { readonly 'lang'?: "fa" | "en" } }; readonly answer: readonly CategoryView[] };
  /** Published products: browse, filter, sort, search. */
  readonly listProducts: { readonly request: { readonly query?: { readonly 'q'?: string; readonly 'category'?: string; readonly 'minPrice'?: number; readonly 'maxPrice'?: number; readonly 'inStock'?: boolean; readonly 'sort'?: "newest" | "price" | "-price" | "best"; readonly 'limit'?: number; readonly 'cursor'?: string; readonly 'lang'?: "fa" | "en" } }; readonly answer: ProductListView };
  /** One product with its variants and how many can be had of each. */
  readonly getProduct: { readonly request: { readonly path: { readonly 'slug': string }; readonly query?: { readonly 'lang'?: "fa" | "en" } }; readonly answer: ProductView };
  /** What is bought together with a product, and what is similar. */
  readonly listRecommendations: { readonly request: { readonly path: { readonly 'slug': string }; readonly query?: { readonly 'lang'?: "fa" | "en" } }; readonly answer: RecommendationsView };
  /** Get the token of an empty cart. */
  readonly openCart: { readonly request: object; readonly answer: OpenedCartView };
  /** The cart with what changed in it. */
  readonly getCart: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CartView };
  /** Add units of a variant. */
  readonly addCartLine: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AddLineInput }; readonly answer: CartView };
  /** Remove all lines. */
  readonly clearCart: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CartView };
  /** Set how many units of a variant the cart holds, also when it held none. */
  readonly setCartLine: { readonly request: { readonly path: { readonly 'variantId': string }; readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SetQuantityInput }; readonly answer: CartView };
  /** Remove a line. */
  readonly removeCartLine: { readonly request: { readonly path: { readonly 'variantId': string }; readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CartView };
  /** Say that the present prices were seen. */
  readonly acknowledgePrices: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AcknowledgeInput }; readonly answer: CartView };
  /** Say who gets the goods, and where. */
  readonly setCartRecipient: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: PutRecipientInput }; readonly answer: CartView };
  /** Take the recipient from the cart. */
  readonly removeCartRecipient: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CartView };
  /** Order the cart. */
  readonly placeOrder: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Cart-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CheckoutBody }; readonly answer: CheckoutView };
  /** Read an order. */
  readonly getOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'X-Order-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: OrderDetailView };
  /** Read what happened to an order. */
  readonly listOrderEvents: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'after'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'X-Order-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: OrderEventsView };
  /** Open another payment page. */
  readonly openPaymentPage: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Order-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: OpenPaymentInput }; readonly answer: CheckoutView };
  /** Cancel an order that awaits payment. */
  readonly cancelOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Order-Token'?: string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CancelInput }; readonly answer: CheckoutView };
  /** Get a code for signing in by SMS. */
  readonly requestCode: { readonly request: { readonly headers: { readonly 'X-Device-Token'?: string; readonly 'X-Work'?: string; readonly 'Idempotency-Key': string }; readonly body: RequestCodeInput }; readonly answer: VerificationView };
  /** Send the same code again. */
  readonly sendCodeAgain: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string }; readonly body: SendAgainInput }; readonly answer: VerificationView };
  /** Sign in with a code. */
  readonly signIn: { readonly request: { readonly headers?: { readonly 'X-Device-Token'?: string; readonly 'X-Cart-Token'?: string }; readonly body: SignInInput }; readonly answer: SecondFactorNeededView | SignedInView };
  /** Get the next access token. */
  readonly refreshSession: { readonly request: { readonly body: RefreshInput }; readonly answer: SessionView };
  /** Sign out. */
  readonly signOut: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}`; readonly 'X-Refresh-Token'?: string } }; readonly answer: undefined };
  /** The gateways and the amounts that they take. */
  readonly listGateways: { readonly request: object; readonly answer: readonly GatewayView[] };
  /** The provinces of Iran with their cities. */
  readonly listProvinces: { readonly request: object; readonly answer: ProvincesView };
  /** Tell what a visitor did. */
  readonly trackEvents: { readonly request: { readonly body: TrackingBatchInput }; readonly answer: TrackedView };
  /** Read the result of a payment. */
  readonly getPaymentResult: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: PaymentResultView };
  /** Open another payment page of the order. */
  readonly payAgain: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: PaymentPageView };
  /** Sign in with the second factor, after the code. */
  readonly showSecondFactor: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string }; readonly body: SecondFactorInput }; readonly answer: SignedInStaffView };
  /** Get a second factor, as an invited person. */
  readonly enrolFactor: { readonly request: { readonly body: EnrolFactorInput }; readonly answer: EnrolledFactorView };
  /** Confirm the second factor with its first code, and sign in. */
  readonly confirmFactor: { readonly request: { readonly headers?: { readonly 'X-Cart-Token'?: string }; readonly body: ConfirmFactorInput }; readonly answer: SignedInStaffView };
  /** The devices that are signed in. */
  readonly listDevices: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: DevicesView };
  /** Sign all other devices out. */
  readonly endOtherDevices: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: EndedDevicesView };
  /** Sign one device out. */
  readonly endDevice: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Get a code for a fresh proof by SMS. */
  readonly requestProofCode: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: RequestProofInput }; readonly answer: VerificationView };
  /** Prove with a code to be still there. */
  readonly confirmPresence: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ProofInput }; readonly answer: ProofView };
  /** Get a ticket for one connection to the sockets. */
  readonly issueTicket: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TicketView };
  /** Your orders, the newest first. */
  readonly listOwnOrders: { readonly request: { readonly query?: { readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: OwnOrdersView };
  /** Make orders of the time before you signed in yours. */
  readonly joinOrders: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: JoinOrdersInput }; readonly answer: JoinedOrdersView };
  /** Who the caller is. */
  readonly getMe: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: ProfileView };
  /** Change name, e-mail, language or consent. */
  readonly changeMe: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeProfileInput }; readonly answer: ProfileView };
  /** The addresses that the caller keeps, the oldest first. */
  readonly listAddresses: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: AddressesView };
  /** Keep an address. */
  readonly addAddress: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AddressInput }; readonly answer: AddressView };
  /** Replace an address that nobody has changed meanwhile. */
  readonly changeAddress: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeAddressInput }; readonly answer: AddressView };
  /** Remove an address. */
  readonly removeAddress: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The latest changes of number, the newest first. */
  readonly listNumberChanges: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: NumberChangesView };
  /** Begin a change of number: a code goes to the new and one to the old number. */
  readonly requestNumberChange: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: RequestNumberChangeInput }; readonly answer: RequestedNumberChangeView };
  /** Begin a change of number without the old one: a code goes to the new number. */
  readonly reportLostNumber: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: RequestNumberChangeInput }; readonly answer: RequestedNumberChangeView };
  /** Show the codes that came to both numbers. */
  readonly confirmNumberChange: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ConfirmNumberChangeInput }; readonly answer: undefined };
  /** Cancel a change of number that is under way. */
  readonly cancelNumberChange: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Everything that the shop knows of the caller. */
  readonly exportMe: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PersonalDataView };
  /** Erase the account. */
  readonly eraseMe: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The variants that the caller waits for, the longest awaited first. */
  readonly listAwaitedStock: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: AwaitedStocksView };
  /** Be told once by SMS when a variant that is out of stock is back. */
  readonly awaitStock: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AwaitStockInput }; readonly answer: AwaitedStockView };
  /** Wait for a variant no longer. */
  readonly stopAwaitingStock: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The rooms that the caller is in, the last active first. */
  readonly listRooms: { readonly request: { readonly query?: { readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: RoomsView };
  /** Write to somebody. */
  readonly openDirectRoom: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: DirectRoomInput }; readonly answer: RoomView };
  /** Open a group, whose owner is the caller. */
  readonly openGroup: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: TitledRoomInput }; readonly answer: RoomView };
  /** Write to the shop. */
  readonly openSupportRoom: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: RoomView };
  /** The rooms of the shop that can be joined, the newest first. */
  readonly listShopRooms: { readonly request: { readonly query?: { readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: ShopRoomsView };
  /** Open a room that everybody can join and staff moderate. */
  readonly openShopRoom: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: TitledRoomInput }; readonly answer: RoomView };
  /** A room. */
  readonly getRoom: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: RoomView };
  /** Change the title of a room, or what its new members can read. */
  readonly changeRoom: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeRoomInput }; readonly answer: RoomView };
  /** Close a room for good. */
  readonly archiveRoom: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: RoomView };
  /** Say how far the caller has read. */
  readonly markRoomRead: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ReadInput }; readonly answer: ReadView };
  /** Who is in a room, and how far each has read. */
  readonly listRoomMembers: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: MembersView };
  /** Bring somebody into a room. */
  readonly inviteRoomMember: { readonly request: { readonly path: { readonly 'accountId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Remove somebody from a room. */
  readonly removeRoomMember: { readonly request: { readonly path: { readonly 'accountId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Give a member of the caller’s group another role, or the group itself. */
  readonly changeRoomRole: { readonly request: { readonly path: { readonly 'accountId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: MemberRoleInput }; readonly answer: undefined };
  /** Come into a room of the shop, or as staff into a support room. */
  readonly joinRoom: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Leave a room. */
  readonly leaveRoom: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Whom the caller has blocked. */
  readonly listBlocks: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: BlocksView };
  /** Hear no more of somebody. */
  readonly blockPerson: { readonly request: { readonly path: { readonly 'accountId': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Take a block back. */
  readonly unblockPerson: { readonly request: { readonly path: { readonly 'accountId': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** A part of a room’s history, the oldest first. */
  readonly listMessages: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'before'?: number; readonly 'after'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: HistoryView };
  /** Send a message. */
  readonly sendMessage: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SendMessageInput }; readonly answer: MessageView };
  /** A message by its number. */
  readonly getMessage: { readonly request: { readonly path: { readonly 'seq': number; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: MessageView };
  /** Give a message of one’s own another text, within 15 minutes. */
  readonly editMessage: { readonly request: { readonly path: { readonly 'seq': number; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: EditMessageInput }; readonly answer: MessageView };
  /** Delete a message: its author at any time, also after they left, or whoever moderates the room. */
  readonly withdrawMessage: { readonly request: { readonly path: { readonly 'seq': number; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: MessageView };
  /** Ask the shop to look at a message of somebody else. */
  readonly reportMessage: { readonly request: { readonly path: { readonly 'seq': number; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ReportInput }; readonly answer: undefined };
  /** Search the rooms that the caller is in, the newest message first. */
  readonly searchMessages: { readonly request: { readonly query: { readonly 'q': string; readonly 'roomId'?: string; readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: FoundMessagesView };
  /** Ask for an upload of one file. */
  readonly requestAttachment: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AttachmentInput }; readonly answer: AttachmentUploadView };
  /** Say that a file is uploaded. */
  readonly completeAttachment: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: AttachmentView };
  /** Where to read a file of a message, for a minute. */
  readonly getAttachmentLink: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: AttachmentLinkView };
  /** Your tickets, the newest first. */
  readonly listOwnTickets: { readonly request: { readonly query?: { readonly 'status'?: "open" | "in_progress" | "pending_customer" | "pending_agent" | "resolved" | "closed"; readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TicketsView };
  /** Open a ticket with its first message. */
  readonly openTicket: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: OpenTicketInput }; readonly answer: SupportTicketView };
  /** A ticket as its customer sees it. */
  readonly getTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupportTicketView };
  /** What customer and shop have written on a ticket, the oldest first. */
  readonly listTicketMessages: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'after'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TicketMessagesView };
  /** Write on a ticket of yours. */
  readonly answerTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: WriteInput }; readonly answer: AnsweredView };
  /** Say that you have what you wanted. */
  readonly resolveTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupportTicketView };
  /** Rate the last resolution of a ticket of yours, once. */
  readonly rateTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: RateInput }; readonly answer: SupportTicketView };
  /** What the caller was told, the newest first. */
  readonly listNotifications: { readonly request: { readonly query?: { readonly 'cursor'?: string; readonly 'unread'?: true | false; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: NotificationsView };
  /** How many notifications the caller has not read. */
  readonly readNotificationBadge: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: BadgeView };
  /** Mark notifications as read. */
  readonly markNotificationsRead: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: MarkInput }; readonly answer: BadgeView };
  /** Mark notifications as seen in a list. */
  readonly markNotificationsSeen: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: MarkInput }; readonly answer: BadgeView };
  /** Of what the caller hears by which channel. */
  readonly readNotificationPreferences: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PreferencesView };
  /** Switch channels on or off. */
  readonly changeNotificationPreferences: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChoicesInput }; readonly answer: PreferencesView };
  /** When and in which language the caller wants messages. */
  readonly readNotificationSettings: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SettingsView };
  /** Choose quiet hours, a digest, a zone and a language. */
  readonly changeNotificationSettings: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SettingsInput }; readonly answer: SettingsView };
  /** Prove with the second factor to be still there. */
  readonly proveFactor: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ProveFactorInput }; readonly answer: ProofView };
  /** Get another second factor in place of the working one. */
  readonly enrolNextFactor: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: EnrolledFactorView };
  /** Confirm the new second factor with its first code. */
  readonly changeFactor: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeFactorInput }; readonly answer: undefined };
  /** A buyer comes back from a gateway. */
  readonly receiveCallback: { readonly request: { readonly path: { readonly 'gateway': string } }; readonly answer: PaymentCallbackView };
  /** A buyer comes back from a gateway. */
  readonly receivePostedCallback: { readonly request: { readonly path: { readonly 'gateway': string } }; readonly answer: PaymentCallbackView };
  /** A provider reports a delivery. */
  readonly receiveSmsReport: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: undefined };
  /** A supplier replies to an order. */
  readonly receiveSupplierReply: { readonly request: { readonly path: { readonly 'id': string } }; readonly answer: undefined };
  /** How many public answers come from the cache, what it holds, and how it was warmed. */
  readonly readCache: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CacheView };
  /** The answers that this process keeps, those used last first. */
  readonly listCacheEntries: { readonly request: { readonly query?: { readonly 'pattern'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: EntriesView };
  /** One answer, in this process and in Redis, and whether it would be sent. */
  readonly inspectCacheEntry: { readonly request: { readonly query: { readonly 'name': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: InspectedView };
  /** Let every process load answers again. */
  readonly invalidateCache: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: InvalidateInput }; readonly answer: undefined };
  /** Load now what is asked for most. */
  readonly warmCache: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Whether every invariant of the shop holds. */
  readonly checkInvariants: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: InvariantsView };
  /** The signals to workflows that cannot be delivered. */
  readonly listParkedSignals: { readonly request: { readonly query?: { readonly 'after'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: ParkedSignalsView };
  /** Let the relay try a parked signal again. */
  readonly retryParkedSignal: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: ParkedSignalView };
  /** Drop a parked signal: its workflow never hears of the event. */
  readonly dropParkedSignal: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Every recurring job: what it did last and does next. */
  readonly listSchedules: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SchedulesView };
  /** Pause a schedule. */
  readonly pauseSchedule: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ScheduleReasonInput }; readonly answer: undefined };
  /** Resume a paused schedule. */
  readonly resumeSchedule: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ScheduleReasonInput }; readonly answer: undefined };
  /** Run a job now. */
  readonly triggerSchedule: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ScheduleReasonInput }; readonly answer: undefined };
  /** Make up for the runs of a time. */
  readonly backfillSchedule: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: BackfillInput }; readonly answer: undefined };
  /** Send a message by a template. */
  readonly sendSms: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SendSmsInput }; readonly answer: SmsMessageView };
  /** A message with every send of it. */
  readonly getSmsMessage: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SmsMessageView };
  /** Every template, with its variables. */
  readonly listSmsTemplates: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SmsTemplatesView };
  /** Campaigns, the newest first. */
  readonly listCampaigns: { readonly request: { readonly query?: { readonly 'status'?: "draft" | "scheduled" | "running" | "paused" | "done" | "cancelled"; readonly 'before'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignsView };
  /** Write a campaign. */
  readonly createCampaign: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CampaignInput }; readonly answer: CampaignView };
  /** A campaign, and how far it is. */
  readonly getCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignView };
  /** Change a draft, or what a campaign may cost. */
  readonly changeCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CampaignChangeInput }; readonly answer: CampaignView };
  /** Whom a campaign is for, and what became of each message. */
  readonly listCampaignRecipients: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'status'?: "pending" | "handed" | "accepted" | "delivered" | "failed" | "ambiguous" | "suppressed"; readonly 'after'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignRecipientsView };
  /** What a campaign has come to: counts, costs, and calls that went wrong. */
  readonly reportCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignReportView };
  /** Send the table of numbers of a draft. */
  readonly sendCampaignNumbers: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: string }; readonly answer: CampaignView };
  /** Whom a draft would reach now, and what it would cost. */
  readonly previewCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignPreviewView };
  /** Agree to a campaign that somebody else has written. */
  readonly approveCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignView };
  /** Start a draft, at once or at a time. */
  readonly startCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: StartInput }; readonly answer: CampaignView };
  /** Let nothing more go out for now. */
  readonly pauseCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignView };
  /** Let a paused campaign go on. */
  readonly resumeCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignView };
  /** End a campaign before all have got it. */
  readonly cancelCampaign: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CampaignView };
  /** Every supplier, by name. */
  readonly listSuppliers: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SuppliersView };
  /** Add a supplier. */
  readonly createSupplier: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CreateSupplierInput }; readonly answer: SupplierWithSecretView };
  /** A supplier with what it sells. */
  readonly getSupplier: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupplierView };
  /** Change how a supplier takes orders and delivers. */
  readonly changeSupplier: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SupplierInput }; readonly answer: SupplierView };
  /** Order nothing new from a supplier. */
  readonly pauseSupplier: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupplierView };
  /** Order from a supplier again. */
  readonly resumeSupplier: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupplierView };
  /** Give a supplier a new secret. */
  readonly rotateSupplierSecret: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SupplierWithSecretView };
  /** Say how a supplier sells a variant. */
  readonly saveSupplierItem: { readonly request: { readonly path: { readonly 'variantId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SupplierItemInput }; readonly answer: SupplierView };
  /** Purchase orders, the newest first. */
  readonly listPurchaseOrders: { readonly request: { readonly query?: { readonly 'supplierId'?: string; readonly 'status'?: "collecting" | "awaiting_approval" | "sending" | "ordered" | "partly_received" | "received" | "closed_short" | "cancelled" | "refused"; readonly 'attention'?: boolean; readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrdersView };
  /** Add lines to the order that is collected for a supplier and a location, or begin it. */
  readonly orderGoods: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: OrderByHandInput }; readonly answer: PurchaseOrderView };
  /** A purchase order with its lines, messages and deliveries, and why it was made. */
  readonly getPurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** Order now what is collected, before the cut-off. */
  readonly submitPurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** Let an order go out. */
  readonly approvePurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** End an order that awaits approval. */
  readonly rejectPurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** End an order of which nothing has come. */
  readonly cancelPurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** End an order although goods are missing. */
  readonly closePurchaseOrderShort: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** Tell the supplier again, at once. */
  readonly sendPurchaseOrderAgain: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PurchaseOrderView };
  /** Book a delivery into stock. */
  readonly receivePurchaseOrder: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ReceiptInput }; readonly answer: PurchaseOrderView };
  /** Everybody who works for the shop. */
  readonly listStaff: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffView };
  /** Invite the person with a number to work for the shop. */
  readonly inviteStaff: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: InviteInput }; readonly answer: StaffMemberView };
  /** Take all roles from somebody. */
  readonly dismissStaff: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Give somebody who works for the shop a further role. */
  readonly grantRole: { readonly request: { readonly path: { readonly 'role': "support" | "staff" | "admin"; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffMemberView };
  /** Take a role from somebody. */
  readonly takeRole: { readonly request: { readonly path: { readonly 'role': "support" | "staff" | "admin"; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Take the lost second factor of somebody away. */
  readonly replaceFactor: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Of what stock the caller hears, the oldest subscription first. */
  readonly listWatchedStock: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: WatchedStocksView };
  /** Be told by SMS each time stock is low, out or back. */
  readonly watchStock: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: WatchStockInput }; readonly answer: WatchedStockView };
  /** End one of the caller’s own subscriptions. */
  readonly stopWatchingStock: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Compute now which products are bought together and which are similar. */
  readonly computeRecommendations: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** What staff have done, the newest first. */
  readonly listStaffActions: { readonly request: { readonly query?: { readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffActionsView };
  /** Find the account with exactly this number. */
  readonly findCustomer: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: FindCustomerInput }; readonly answer: FoundCustomersView };
  /** Block an account. */
  readonly blockAccount: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Let a blocked account sign in again. */
  readonly unblockAccount: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Sign an account out everywhere. */
  readonly endAccountSessions: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The latest changes of number of an account, without the numbers. */
  readonly listCustomerNumberChanges: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: NumberChangesView };
  /** Reject the new number of somebody who says that the old one is lost. */
  readonly rejectNumberChange: { readonly request: { readonly path: { readonly 'changeId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Approve the new number of somebody who has lost the old one. */
  readonly approveNumberChange: { readonly request: { readonly path: { readonly 'changeId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** Products of every status, the newest first. */
  readonly listStaffProducts: { readonly request: { readonly query?: { readonly 'q'?: string; readonly 'status'?: "draft" | "published" | "archived"; readonly 'category'?: string; readonly 'limit'?: number; readonly 'cursor'?: string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffProductsView };
  /** Make a product, as a draft without variants. */
  readonly createProduct: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CreateProductInput }; readonly answer: StaffProductView };
  /** One product with all its variants, prices and planned prices. */
  readonly getStaffProduct: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffProductView };
  /** Change the texts of a product, or its category. */
  readonly changeProduct: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeProductInput }; readonly answer: StaffProductView };
  /** Publish a product, or archive it. */
  readonly moveProduct: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: MoveProductInput }; readonly answer: StaffProductView };
  /** Add an active variant after the others of its product. */
  readonly addVariant: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AddVariantInput }; readonly answer: StaffProductView };
  /** Change the names, the SKU or the place of a variant. */
  readonly changeVariant: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeVariantInput }; readonly answer: StaffProductView };
  /** Retire a variant, or restore it. */
  readonly setVariantStatus: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: VariantStatusInput }; readonly answer: StaffProductView };
  /** Set the usual price of a variant. */
  readonly changePrice: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: PriceInput }; readonly answer: StaffProductView };
  /** Plan a price from one instant to another. */
  readonly planPrice: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: PlanPriceInput }; readonly answer: StaffProductView };
  /** Withdraw a planned price. */
  readonly withdrawPlannedPrice: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffProductView };
  /** All categories with their versions. */
  readonly listStaffCategories: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffCategoriesView };
  /** Make a category, the last of its siblings. */
  readonly createCategory: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CreateCategoryInput }; readonly answer: StaffCategoryView };
  /** Rename a category, or move it with all that is below it. */
  readonly changeCategory: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeCategoryInput }; readonly answer: StaffCategoryView };
  /** Remove a category without products and subcategories. */
  readonly removeCategory: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The pictures of a product, also those that are on their way or were refused. */
  readonly listProductPictures: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffPicturesView };
  /** Ask for an upload of one picture. */
  readonly requestPictureUpload: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: UploadInput }; readonly answer: UploadView };
  /** Say that a picture is uploaded. */
  readonly completePicture: { readonly request: { readonly path: { readonly 'pictureId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffPicturesView };
  /** Put the ready pictures of a product into an order. */
  readonly orderProductPictures: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: OrderInput }; readonly answer: StaffPicturesView };
  /** Say what a picture shows, in Persian and English. */
  readonly describePicture: { readonly request: { readonly path: { readonly 'pictureId': string; readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: DescribeInput }; readonly answer: StaffPicturesView };
  /** Take a picture away from a product. */
  readonly removePicture: { readonly request: { readonly path: { readonly 'pictureId': string; readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: StaffPicturesView };
  /** Import products and variants from a table. */
  readonly importCatalog: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: string }; readonly answer: CatalogImportView };
  /** How far an import is, and which lines could not be booked. */
  readonly getCatalogImport: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CatalogImportView };
  /** All locations, in the order in which orders are taken from them. */
  readonly listLocations: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: LocationsView };
  /** Open a location. */
  readonly openLocation: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: StockLocationInput }; readonly answer: StockLocationView };
  /** Change a location that nobody has changed meanwhile. */
  readonly changeLocation: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeLocationInput }; readonly answer: StockLocationView };
  /** How much there is of each SKU at each location. */
  readonly listLevels: { readonly request: { readonly query?: { readonly 'sku'?: string; readonly 'locationId'?: string; readonly 'limit'?: number; readonly 'cursor'?: string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: LevelsView };
  /** The history of a level, the newest first. */
  readonly listMovements: { readonly request: { readonly path: { readonly 'variantId': string; readonly 'locationId': string }; readonly query?: { readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: MovementsView };
  /** Book goods that came in, came back, or are fewer or more than they should be. */
  readonly bookStock: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: BookingInput }; readonly answer: BookedLevelView };
  /** Set the units on hand, unless they are no longer what you have seen. */
  readonly setLevel: { readonly request: { readonly path: { readonly 'variantId': string; readonly 'locationId': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SetLevelInput }; readonly answer: BookedLevelView };
  /** Transfers, the newest first. */
  readonly listTransfers: { readonly request: { readonly query?: { readonly 'status'?: "draft" | "in_transit" | "received" | "cancelled"; readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TransfersView };
  /** Draft a transfer. */
  readonly draftTransfer: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: TransferInput }; readonly answer: TransferView };
  /** A transfer with what became of its goods. */
  readonly getTransfer: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TransferView };
  /** Replace the lines of a draft that nobody has changed meanwhile. */
  readonly changeTransfer: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangeTransferInput }; readonly answer: TransferView };
  /** Move goods to another location in one step, such as damaged ones into quarantine. */
  readonly moveStock: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: TransferInput }; readonly answer: TransferView };
  /** Send the goods of a draft off. */
  readonly shipTransfer: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: TransferView };
  /** Book goods of a transfer that have arrived, all or some. */
  readonly receiveTransfer: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: StockReceiptInput }; readonly answer: TransferView };
  /** Cancel a transfer. */
  readonly cancelTransfer: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CancelTransferInput }; readonly answer: TransferView };
  /** Counts, the newest first. */
  readonly listCounts: { readonly request: { readonly query?: { readonly 'locationId'?: string; readonly 'before'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CountsView };
  /** Open a count of a location. */
  readonly openCount: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CountInput }; readonly answer: CountSummaryView };
  /** A count with its differences, which are booked once it is approved. */
  readonly getCount: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CountView };
  /** Begin to count a variant (null), or say how many units lie on the shelf. */
  readonly countLine: { readonly request: { readonly path: { readonly 'variantId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CountLineInput }; readonly answer: CountSummaryView };
  /** Take a variant out of a count. */
  readonly removeCountLine: { readonly request: { readonly path: { readonly 'variantId': string; readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CountSummaryView };
  /** Book the differences of a count that you have read. */
  readonly approveCount: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CountSummaryView };
  /** End a count without booking anything. */
  readonly cancelCount: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CountSummaryView };
  /** Import a table of stock of at most 2,000 lines, all of it or nothing. */
  readonly importStock: { readonly request: { readonly query?: { readonly 'mode'?: "set" | "add" }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: string }; readonly answer: ImportView };
  /** What a paid order has sold at which location, and how much of it has left. */
  readonly getSoldUnits: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SoldOrderView };
  /** Note how many units of a paid order have left, in all. */
  readonly shipUnits: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ShippedInput }; readonly answer: SoldOrderView };
  /** Holds and sales that should not exist or that people should know of. */
  readonly auditHolds: { readonly request: { readonly query?: { readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: HoldAuditView };
  /** The days of the shop and their holidays. */
  readonly listCalendarDays: { readonly request: { readonly query: { readonly 'from': string; readonly 'to': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CalendarDaysView };
  /** Say whether a day is a holiday, and when tickets are answered on it. */
  readonly correctCalendarDay: { readonly request: { readonly path: { readonly 'day': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CorrectDayInput }; readonly answer: CalendarDayView };
  /** How variants are reordered. */
  readonly listReplenishmentPolicies: { readonly request: { readonly query?: { readonly 'variantId'?: string; readonly 'stuck'?: boolean; readonly 'after'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PoliciesView };
  /** Begin to reorder a variant. */
  readonly beginReplenishmentPolicy: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: BeginPolicyInput }; readonly answer: PolicyView };
  /** How a variant is reordered. */
  readonly getReplenishmentPolicy: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: PolicyView };
  /** Reorder a variant in another way, or pause it. */
  readonly changeReplenishmentPolicy: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ChangePolicyInput }; readonly answer: PolicyView };
  /** Why a variant was reordered: the last 20 decisions. */
  readonly listReplenishmentDecisions: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: DecisionsView };
  /** The open rooms of customers with the shop, the longest quiet first. */
  readonly listSupportRooms: { readonly request: { readonly query?: { readonly 'waiting'?: true | false; readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: RoomsView };
  /** Messages that people have reported and nobody has looked at, the oldest first. */
  readonly listReports: { readonly request: { readonly query?: { readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: ReportsView };
  /** Resolve all reports of a message: leave it, delete it, or archive its room. */
  readonly resolveReport: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ResolveReportInput }; readonly answer: ReportView };
  /** In which business time tickets of each priority are to be answered. */
  readonly listSlaTargets: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: SlaTargetsView };
  /** Promise another time for a priority. */
  readonly changeSlaTarget: { readonly request: { readonly path: { readonly 'priority': "low" | "medium" | "high" | "urgent" }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: SlaTargetInput }; readonly answer: SlaTargetView };
  /** The tickets of others that are not closed, those that are due first before the rest. */
  readonly listQueue: { readonly request: { readonly query?: { readonly 'team'?: "technical" | "billing" | "general"; readonly 'category'?: "technical" | "billing" | "general" | "complaint" | "feature_request"; readonly 'status'?: "open" | "in_progress" | "pending_customer" | "pending_agent" | "resolved" | "closed"; readonly 'priority'?: "low" | "medium" | "high" | "urgent"; readonly 'assigneeId'?: string; readonly 'unassigned'?: true | false; readonly 'breached'?: true | false; readonly 'cursor'?: string; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: QueueView };
  /** Take the ticket that is due first among those that nobody has. */
  readonly takeTicket: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: TeamsInput }; readonly answer: TakenView };
  /** Be ready for tickets for 90 s, and get one that waits. */
  readonly sayReady: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: ReadyInput }; readonly answer: ReadinessView };
  /** Be ready for tickets no longer. */
  readonly sayAway: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** A ticket as staff see it. */
  readonly getDeskTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: DeskTicketView };
  /** The answers of a ticket, or its notes, the oldest first. */
  readonly listDeskMessages: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'kind'?: "answer" | "note"; readonly 'after'?: number; readonly 'limit'?: number }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: DeskMessagesView };
  /** Answer a customer. */
  readonly answerAsShop: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: StaffAnswerInput }; readonly answer: DeskMessageView };
  /** Write a note for other staff. */
  readonly noteOnTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: WriteInput }; readonly answer: DeskMessageView };
  /** Move a ticket along the table of statuses. */
  readonly moveTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: MoveInput }; readonly answer: DeskTicketView };
  /** Give a ticket to somebody, or back to the queue. */
  readonly assignTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: AssignInput }; readonly answer: DeskTicketView };
  /** Give a ticket another priority, and its clocks the targets of that. */
  readonly prioritiseTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: PrioritiseInput }; readonly answer: DeskTicketView };
  /** Give a ticket another category, and with it another team. */
  readonly categoriseTicket: { readonly request: { readonly path: { readonly 'id': string }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CategoriseInput }; readonly answer: DeskTicketView };
  /** The canned answers of a team, by code. */
  readonly listCannedAnswers: { readonly request: { readonly query: { readonly 'team': "technical" | "billing" | "general" }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: CannedAnswersView };
  /** Write a canned answer, new or instead of the one that was read. */
  readonly keepCannedAnswer: { readonly request: { readonly path: { readonly 'code': string; readonly 'team': "technical" | "billing" | "general" }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` }; readonly body: CannedAnswerInput }; readonly answer: CannedAnswerView };
  /** Remove a canned answer. */
  readonly removeCannedAnswer: { readonly request: { readonly path: { readonly 'code': string; readonly 'team': "technical" | "billing" | "general" }; readonly headers: { readonly 'If-Match': string; readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: undefined };
  /** The figures of this moment. */
  readonly getFigures: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: FiguresView };
  /** A figure in time, by days or hours. */
  readonly getFigureHistory: { readonly request: { readonly query: { readonly 'figure': "orders" | "paid_orders" | "revenue" | "refunded" | "visitors" | "conversion" | "payment_success" | "sms_success" | "campaign_success" | "page_views" | "product_views" | "searches" | "carts_filled" | "checkouts_begun" | "low_stock" | "open_tickets" | "attention"; readonly 'from': string; readonly 'to': string; readonly 'by'?: "day" | "hour" }; readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }; readonly answer: FigureHistoryView };
  /** Count the figures of all days from one on again. */
  readonly rebuildFigures: { readonly request: { readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` }; readonly body: RebuildInput }; readonly answer: undefined };
}

export const OPERATIONS = {
  getLiveness: { method: 'GET', path: '/health/live', takesToken: false },
  getReadiness: { method: 'GET', path: '/health/ready', takesToken: false },
  listPublicKeys: { method: 'GET', path: '/.well-known/jwks.json', takesToken: false },
  showEndMessages: { method: 'GET', path: '/u/{token}', takesToken: false },
  endMessages: { method: 'POST', path: '/u/{token}', takesToken: false },
  listCategories: { method: 'GET', path: '/api/v1/categories', takesToken: false },
  listProducts: { method: 'GET', path: '/api/v1/products', takesToken: false },
  getProduct: { method: 'GET', path: '/api/v1/products/{slug}', takesToken: false },
  listRecommendations: { method: 'GET', path: '/api/v1/products/{slug}/recommendations', takesToken: false },
  openCart: { method: 'POST', path: '/api/v1/carts', takesToken: false },
  getCart: { method: 'GET', path: '/api/v1/carts/current', takesToken: true },
  addCartLine: { method: 'POST', path: '/api/v1/carts/current/lines', takesToken: true },
  clearCart: { method: 'DELETE', path: '/api/v1/carts/current/lines', takesToken: true },
  setCartLine: { method: 'PUT', path: '/api/v1/carts/current/lines/{variantId}', takesToken: true },
  removeCartLine: { method: 'DELETE', path: '/api/v1/carts/current/lines/{variantId}', takesToken: true },
  acknowledgePrices: { method: 'POST', path: '/api/v1/carts/current/acknowledgements', takesToken: true },
  setCartRecipient: { method: 'PUT', path: '/api/v1/carts/current/recipient', takesToken: true },
  removeCartRecipient: { method: 'DELETE', path: '/api/v1/carts/current/recipient', takesToken: true },
  placeOrder: { method: 'POST', path: '/api/v1/checkout', takesToken: true },
  getOrder: { method: 'GET', path: '/api/v1/orders/{id}', takesToken: true },
  listOrderEvents: { method: 'GET', path: '/api/v1/orders/{id}/events', takesToken: true },
  openPaymentPage: { method: 'POST', path: '/api/v1/orders/{id}/payments', takesToken: true },
  cancelOrder: { method: 'POST', path: '/api/v1/orders/{id}/cancel', takesToken: true },
  requestCode: { method: 'POST', path: '/api/v1/auth/verifications', takesToken: false },
  sendCodeAgain: { method: 'POST', path: '/api/v1/auth/verifications/{id}/messages', takesToken: false },
  signIn: { method: 'POST', path: '/api/v1/auth/sessions', takesToken: false },
  refreshSession: { method: 'POST', path: '/api/v1/auth/sessions/refresh', takesToken: false },
  signOut: { method: 'DELETE', path: '/api/v1/auth/sessions/current', takesToken: true },
  listGateways: { method: 'GET', path: '/api/v1/payments/gateways', takesToken: false },
  listProvinces: { method: 'GET', path: '/api/v1/provinces', takesToken: false },
  trackEvents: { method: 'POST', path: '/api/v1/analytics/events', takesToken: false },
  getPaymentResult: { method: 'GET', path: '/api/v1/payments/results/{token}', takesToken: false },
  payAgain: { method: 'POST', path: '/api/v1/payments/results/{token}/payments', takesToken: false },
  showSecondFactor: { method: 'POST', path: '/api/v1/auth/sessions/second-factor', takesToken: false },
  enrolFactor: { method: 'POST', path: '/api/v1/auth/factors', takesToken: false },
  confirmFactor: { method: 'POST', path: '/api/v1/auth/factors/confirm', takesToken: false },
  listDevices: { method: 'GET', path: '/api/v1/me/sessions', takesToken: true },
  endOtherDevices: { method: 'DELETE', path: '/api/v1/me/sessions', takesToken: true },
  endDevice: { method: 'DELETE', path: '/api/v1/me/sessions/{id}', takesToken: true },
  requestProofCode: { method: 'POST', path: '/api/v1/me/proofs/verifications', takesToken: true },
  confirmPresence: { method: 'POST', path: '/api/v1/me/proofs', takesToken: true },
  issueTicket: { method: 'POST', path: '/api/v1/auth/tickets', takesToken: true },
  listOwnOrders: { method: 'GET', path: '/api/v1/me/orders', takesToken: true },
  joinOrders: { method: 'POST', path: '/api/v1/me/orders', takesToken: true },
  getMe: { method: 'GET', path: '/api/v1/me', takesToken: true },
  changeMe: { method: 'PATCH', path: '/api/v1/me', takesToken: true },
  listAddresses: { method: 'GET', path: '/api/v1/me/addresses', takesToken: true },
  addAddress: { method: 'POST', path: '/api/v1/me/addresses', takesToken: true },
  changeAddress: { method: 'PUT', path: '/api/v1/me/addresses/{id}', takesToken: true },
  removeAddress: { method: 'DELETE', path: '/api/v1/me/addresses/{id}', takesToken: true },
  listNumberChanges: { method: 'GET', path: '/api/v1/me/number-changes', takesToken: true },
  requestNumberChange: { method: 'POST', path: '/api/v1/me/number-changes', takesToken: true },
  reportLostNumber: { method: 'POST', path: '/api/v1/me/lost-numbers', takesToken: true },
  confirmNumberChange: { method: 'POST', path: '/api/v1/me/number-changes/{id}', takesToken: true },
  cancelNumberChange: { method: 'DELETE', path: '/api/v1/me/number-changes/{id}', takesToken: true },
  exportMe: { method: 'GET', path: '/api/v1/me/export', takesToken: true },
  eraseMe: { method: 'POST', path: '/api/v1/me/erasure', takesToken: true },
  listAwaitedStock: { method: 'GET', path: '/api/v1/me/stock-subscriptions', takesToken: true },
  awaitStock: { method: 'POST', path: '/api/v1/me/stock-subscriptions', takesToken: true },
  stopAwaitingStock: { method: 'DELETE', path: '/api/v1/me/stock-subscriptions/{id}', takesToken: true },
  listRooms: { method: 'GET', path: '/api/v1/chat/rooms', takesToken: true },
  openDirectRoom: { method: 'POST', path: '/api/v1/chat/rooms/direct', takesToken: true },
  openGroup: { method: 'POST', path: '/api/v1/chat/rooms/group', takesToken: true },
  openSupportRoom: { method: 'POST', path: '/api/v1/chat/rooms/support', takesToken: true },
  listShopRooms: { method: 'GET', path: '/api/v1/chat/shop-rooms', takesToken: true },
  openShopRoom: { method: 'POST', path: '/api/v1/chat/shop-rooms', takesToken: true },
  getRoom: { method: 'GET', path: '/api/v1/chat/rooms/{id}', takesToken: true },
  changeRoom: { method: 'PUT', path: '/api/v1/chat/rooms/{id}', takesToken: true },
  archiveRoom: { method: 'POST', path: '/api/v1/chat/rooms/{id}/archive', takesToken: true },
  markRoomRead: { method: 'PUT', path: '/api/v1/chat/rooms/{id}/read', takesToken: true },
  listRoomMembers: { method: 'GET', path: '/api/v1/chat/rooms/{id}/members', takesToken: true },
  inviteRoomMember: { method: 'PUT', path: '/api/v1/chat/rooms/{id}/members/{accountId}', takesToken: true },
  removeRoomMember: { method: 'DELETE', path: '/api/v1/chat/rooms/{id}/members/{accountId}', takesToken: true },
  changeRoomRole: { method: 'PUT', path: '/api/v1/chat/rooms/{id}/members/{accountId}/role', takesToken: true },
  joinRoom: { method: 'POST', path: '/api/v1/chat/rooms/{id}/join', takesToken: true },
  leaveRoom: { method: 'POST', path: '/api/v1/chat/rooms/{id}/leave', takesToken: true },
  listBlocks: { method: 'GET', path: '/api/v1/chat/blocks', takesToken: true },
  blockPerson: { method: 'PUT', path: '/api/v1/chat/blocks/{accountId}', takesToken: true },
  unblockPerson: { method: 'DELETE', path: '/api/v1/chat/blocks/{accountId}', takesToken: true },
  listMessages: { method: 'GET', path: '/api/v1/chat/rooms/{id}/messages', takesToken: true },
  sendMessage: { method: 'POST', path: '/api/v1/chat/rooms/{id}/messages', takesToken: true },
  getMessage: { method: 'GET', path: '/api/v1/chat/rooms/{id}/messages/{seq}', takesToken: true },
  editMessage: { method: 'PUT', path: '/api/v1/chat/rooms/{id}/messages/{seq}', takesToken: true },
  withdrawMessage: { method: 'DELETE', path: '/api/v1/chat/rooms/{id}/messages/{seq}', takesToken: true },
  reportMessage: { method: 'POST', path: '/api/v1/chat/rooms/{id}/messages/{seq}/reports', takesToken: true },
  searchMessages: { method: 'GET', path: '/api/v1/chat/search', takesToken: true },
  requestAttachment: { method: 'POST', path: '/api/v1/chat/rooms/{id}/attachments', takesToken: true },
  completeAttachment: { method: 'POST', path: '/api/v1/chat/attachments/{id}/complete', takesToken: true },
  getAttachmentLink: { method: 'GET', path: '/api/v1/chat/attachments/{id}', takesToken: true },
  listOwnTickets: { method: 'GET', path: '/api/v1/support/tickets', takesToken: true },
  openTicket: { method: 'POST', path: '/api/v1/support/tickets', takesToken: true },
  getTicket: { method: 'GET', path: '/api/v1/support/tickets/{id}', takesToken: true },
  listTicketMessages: { method: 'GET', path: '/api/v1/support/tickets/{id}/messages', takesToken: true },
  answerTicket: { method: 'POST', path: '/api/v1/support/tickets/{id}/messages', takesToken: true },
  resolveTicket: { method: 'POST', path: '/api/v1/support/tickets/{id}/resolution', takesToken: true },
  rateTicket: { method: 'PUT', path: '/api/v1/support/tickets/{id}/rating', takesToken: true },
  listNotifications: { method: 'GET', path: '/api/v1/notifications', takesToken: true },
  readNotificationBadge: { method: 'GET', path: '/api/v1/notifications/badge', takesToken: true },
  markNotificationsRead: { method: 'POST', path: '/api/v1/notifications/read', takesToken: true },
  markNotificationsSeen: { method: 'POST', path: '/api/v1/notifications/seen', takesToken: true },
  readNotificationPreferences: { method: 'GET', path: '/api/v1/notifications/preferences', takesToken: true },
  changeNotificationPreferences: { method: 'PUT', path: '/api/v1/notifications/preferences', takesToken: true },
  readNotificationSettings: { method: 'GET', path: '/api/v1/notifications/settings', takesToken: true },
  changeNotificationSettings: { method: 'PUT', path: '/api/v1/notifications/settings', takesToken: true },
  proveFactor: { method: 'POST', path: '/api/v1/me/proofs/factor', takesToken: true },
  enrolNextFactor: { method: 'POST', path: '/api/v1/me/factors', takesToken: true },
  changeFactor: { method: 'POST', path: '/api/v1/me/factors/confirm', takesToken: true },
  receiveCallback: { method: 'GET', path: '/api/v1/payments/{gateway}/callback', takesToken: false },
  receivePostedCallback: { method: 'POST', path: '/api/v1/payments/{gateway}/callback', takesToken: false },
  receiveSmsReport: { method: 'POST', path: '/api/v1/sms/reports/{token}', takesToken: false },
  receiveSupplierReply: { method: 'POST', path: '/api/v1/webhooks/suppliers/{id}', takesToken: false },
  readCache: { method: 'GET', path: '/api/v1/cache', takesToken: true },
  listCacheEntries: { method: 'GET', path: '/api/v1/cache/entries', takesToken: true },
  inspectCacheEntry: { method: 'GET', path: '/api/v1/cache/entry', takesToken: true },
  invalidateCache: { method: 'POST', path: '/api/v1/cache/invalidations', takesToken: true },
  warmCache: { method: 'POST', path: '/api/v1/cache/warm', takesToken: true },
  checkInvariants: { method: 'GET', path: '/api/v1/operations/invariants', takesToken: true },
  listParkedSignals: { method: 'GET', path: '/api/v1/operations/parked-signals', takesToken: true },
  retryParkedSignal: { method: 'POST', path: '/api/v1/operations/parked-signals/{id}/retry', takesToken: true },
  dropParkedSignal: { method: 'DELETE', path: '/api/v1/operations/parked-signals/{id}', takesToken: true },
  listSchedules: { method: 'GET', path: '/api/v1/operations/schedules', takesToken: true },
  pauseSchedule: { method: 'POST', path: '/api/v1/operations/schedules/{id}/pause', takesToken: true },
  resumeSchedule: { method: 'POST', path: '/api/v1/operations/schedules/{id}/resume', takesToken: true },
  triggerSchedule: { method: 'POST', path: '/api/v1/operations/schedules/{id}/trigger', takesToken: true },
  backfillSchedule: { method: 'POST', path: '/api/v1/operations/schedules/{id}/backfill', takesToken: true },
  sendSms: { method: 'POST', path: '/api/v1/sms/messages', takesToken: true },
  getSmsMessage: { method: 'GET', path: '/api/v1/sms/messages/{id}', takesToken: true },
  listSmsTemplates: { method: 'GET', path: '/api/v1/sms/templates', takesToken: true },
  listCampaigns: { method: 'GET', path: '/api/v1/campaigns', takesToken: true },
  createCampaign: { method: 'POST', path: '/api/v1/campaigns', takesToken: true },
  getCampaign: { method: 'GET', path: '/api/v1/campaigns/{id}', takesToken: true },
  changeCampaign: { method: 'PATCH', path: '/api/v1/campaigns/{id}', takesToken: true },
  listCampaignRecipients: { method: 'GET', path: '/api/v1/campaigns/{id}/recipients', takesToken: true },
  reportCampaign: { method: 'GET', path: '/api/v1/campaigns/{id}/report', takesToken: true },
  sendCampaignNumbers: { method: 'PUT', path: '/api/v1/campaigns/{id}/numbers', takesToken: true },
  previewCampaign: { method: 'GET', path: '/api/v1/campaigns/{id}/preview', takesToken: true },
  approveCampaign: { method: 'POST', path: '/api/v1/campaigns/{id}/approve', takesToken: true },
  startCampaign: { method: 'POST', path: '/api/v1/campaigns/{id}/start', takesToken: true },
  pauseCampaign: { method: 'POST', path: '/api/v1/campaigns/{id}/pause', takesToken: true },
  resumeCampaign: { method: 'POST', path: '/api/v1/campaigns/{id}/resume', takesToken: true },
  cancelCampaign: { method: 'POST', path: '/api/v1/campaigns/{id}/cancel', takesToken: true },
  listSuppliers: { method: 'GET', path: '/api/v1/suppliers', takesToken: true },
  createSupplier: { method: 'POST', path: '/api/v1/suppliers', takesToken: true },
  getSupplier: { method: 'GET', path: '/api/v1/suppliers/{id}', takesToken: true },
  changeSupplier: { method: 'PUT', path: '/api/v1/suppliers/{id}', takesToken: true },
  pauseSupplier: { method: 'POST', path: '/api/v1/suppliers/{id}/pause', takesToken: true },
  resumeSupplier: { method: 'POST', path: '/api/v1/suppliers/{id}/resume', takesToken: true },
  rotateSupplierSecret: { method: 'POST', path: '/api/v1/suppliers/{id}/secret', takesToken: true },
  saveSupplierItem: { method: 'PUT', path: '/api/v1/suppliers/{id}/items/{variantId}', takesToken: true },
  listPurchaseOrders: { method: 'GET', path: '/api/v1/purchase-orders', takesToken: true },
  orderGoods: { method: 'POST', path: '/api/v1/purchase-orders', takesToken: true },
  getPurchaseOrder: { method: 'GET', path: '/api/v1/purchase-orders/{id}', takesToken: true },
  submitPurchaseOrder: { method: 'POST', path: '/api/v1/purchase-orders/{id}/submit', takesToken: true },
  approvePurchaseOrder: { method: 'POST', path: '/api/v1/purchase-orders/{id}/approve', takesToken: true },
  rejectPurchaseOrder: { method: 'POST', path: '/api/v1/purchase-orders/{id}/reject', takesToken: true },
  cancelPurchaseOrder: { method: 'POST', path: '/api/v1/purchase-orders/{id}/cancel', takesToken: true },
  closePurchaseOrderShort: { method: 'POST', path: '/api/v1/purchase-orders/{id}/close-short', takesToken: true },
  sendPurchaseOrderAgain: { method: 'POST', path: '/api/v1/purchase-orders/{id}/send-again', takesToken: true },
  receivePurchaseOrder: { method: 'POST', path: '/api/v1/purchase-orders/{id}/receipts', takesToken: true },
  listStaff: { method: 'GET', path: '/api/v1/staff', takesToken: true },
  inviteStaff: { method: 'POST', path: '/api/v1/staff', takesToken: true },
  dismissStaff: { method: 'DELETE', path: '/api/v1/staff/{id}', takesToken: true },
  grantRole: { method: 'PUT', path: '/api/v1/staff/{id}/roles/{role}', takesToken: true },
  takeRole: { method: 'DELETE', path: '/api/v1/staff/{id}/roles/{role}', takesToken: true },
  replaceFactor: { method: 'DELETE', path: '/api/v1/staff/{id}/factor', takesToken: true },
  listWatchedStock: { method: 'GET', path: '/api/v1/stock/subscriptions', takesToken: true },
  watchStock: { method: 'POST', path: '/api/v1/stock/subscriptions', takesToken: true },
  stopWatchingStock: { method: 'DELETE', path: '/api/v1/stock/subscriptions/{id}', takesToken: true },
  computeRecommendations: { method: 'POST', path: '/api/v1/catalog/recommendations', takesToken: true },
  listStaffActions: { method: 'GET', path: '/api/v1/staff/actions', takesToken: true },
  findCustomer: { method: 'POST', path: '/api/v1/customers/search', takesToken: true },
  blockAccount: { method: 'PUT', path: '/api/v1/customers/{id}/block', takesToken: true },
  unblockAccount: { method: 'DELETE', path: '/api/v1/customers/{id}/block', takesToken: true },
  endAccountSessions: { method: 'DELETE', path: '/api/v1/customers/{id}/sessions', takesToken: true },
  listCustomerNumberChanges: { method: 'GET', path: '/api/v1/customers/{id}/number-changes', takesToken: true },
  rejectNumberChange: { method: 'POST', path: '/api/v1/customers/{id}/number-changes/{changeId}/reject', takesToken: true },
  approveNumberChange: { method: 'POST', path: '/api/v1/customers/{id}/number-changes/{changeId}/approve', takesToken: true },
  listStaffProducts: { method: 'GET', path: '/api/v1/catalog/products', takesToken: true },
  createProduct: { method: 'POST', path: '/api/v1/catalog/products', takesToken: true },
  getStaffProduct: { method: 'GET', path: '/api/v1/catalog/products/{id}', takesToken: true },
  changeProduct: { method: 'PATCH', path: '/api/v1/catalog/products/{id}', takesToken: true },
  moveProduct: { method: 'PUT', path: '/api/v1/catalog/products/{id}/status', takesToken: true },
  addVariant: { method: 'POST', path: '/api/v1/catalog/products/{id}/variants', takesToken: true },
  changeVariant: { method: 'PATCH', path: '/api/v1/catalog/variants/{id}', takesToken: true },
  setVariantStatus: { method: 'PUT', path: '/api/v1/catalog/variants/{id}/status', takesToken: true },
  changePrice: { method: 'PUT', path: '/api/v1/catalog/variants/{id}/price', takesToken: true },
  planPrice: { method: 'POST', path: '/api/v1/catalog/variants/{id}/planned-prices', takesToken: true },
  withdrawPlannedPrice: { method: 'DELETE', path: '/api/v1/catalog/planned-prices/{id}', takesToken: true },
  listStaffCategories: { method: 'GET', path: '/api/v1/catalog/categories', takesToken: true },
  createCategory: { method: 'POST', path: '/api/v1/catalog/categories', takesToken: true },
  changeCategory: { method: 'PATCH', path: '/api/v1/catalog/categories/{id}', takesToken: true },
  removeCategory: { method: 'DELETE', path: '/api/v1/catalog/categories/{id}', takesToken: true },
  listProductPictures: { method: 'GET', path: '/api/v1/catalog/products/{id}/pictures', takesToken: true },
  requestPictureUpload: { method: 'POST', path: '/api/v1/catalog/products/{id}/pictures', takesToken: true },
  completePicture: { method: 'POST', path: '/api/v1/catalog/products/{id}/pictures/{pictureId}/complete', takesToken: true },
  orderProductPictures: { method: 'PUT', path: '/api/v1/catalog/products/{id}/pictures/order', takesToken: true },
  describePicture: { method: 'PUT', path: '/api/v1/catalog/products/{id}/pictures/{pictureId}/alt', takesToken: true },
  removePicture: { method: 'DELETE', path: '/api/v1/catalog/products/{id}/pictures/{pictureId}', takesToken: true },
  importCatalog: { method: 'POST', path: '/api/v1/catalog/imports', takesToken: true },
  getCatalogImport: { method: 'GET', path: '/api/v1/catalog/imports/{id}', takesToken: true },
  listLocations: { method: 'GET', path: '/api/v1/stock/locations', takesToken: true },
  openLocation: { method: 'POST', path: '/api/v1/stock/locations', takesToken: true },
  changeLocation: { method: 'PATCH', path: '/api/v1/stock/locations/{id}', takesToken: true },
  listLevels: { method: 'GET', path: '/api/v1/stock/levels', takesToken: true },
  listMovements: { method: 'GET', path: '/api/v1/stock/levels/{variantId}/{locationId}/movements', takesToken: true },
  bookStock: { method: 'POST', path: '/api/v1/stock/bookings', takesToken: true },
  setLevel: { method: 'PUT', path: '/api/v1/stock/levels/{variantId}/{locationId}', takesToken: true },
  listTransfers: { method: 'GET', path: '/api/v1/stock/transfers', takesToken: true },
  draftTransfer: { method: 'POST', path: '/api/v1/stock/transfers', takesToken: true },
  getTransfer: { method: 'GET', path: '/api/v1/stock/transfers/{id}', takesToken: true },
  changeTransfer: { method: 'PUT', path: '/api/v1/stock/transfers/{id}', takesToken: true },
  moveStock: { method: 'POST', path: '/api/v1/stock/moves', takesToken: true },
  shipTransfer: { method: 'POST', path: '/api/v1/stock/transfers/{id}/shipment', takesToken: true },
  receiveTransfer: { method: 'POST', path: '/api/v1/stock/transfers/{id}/receipts', takesToken: true },
  cancelTransfer: { method: 'POST', path: '/api/v1/stock/transfers/{id}/cancellation', takesToken: true },
  listCounts: { method: 'GET', path: '/api/v1/stock/counts', takesToken: true },
  openCount: { method: 'POST', path: '/api/v1/stock/counts', takesToken: true },
  getCount: { method: 'GET', path: '/api/v1/stock/counts/{id}', takesToken: true },
  countLine: { method: 'PUT', path: '/api/v1/stock/counts/{id}/lines/{variantId}', takesToken: true },
  removeCountLine: { method: 'DELETE', path: '/api/v1/stock/counts/{id}/lines/{variantId}', takesToken: true },
  approveCount: { method: 'POST', path: '/api/v1/stock/counts/{id}/approval', takesToken: true },
  cancelCount: { method: 'POST', path: '/api/v1/stock/counts/{id}/cancellation', takesToken: true },
  importStock: { method: 'POST', path: '/api/v1/stock/imports', takesToken: true },
  getSoldUnits: { method: 'GET', path: '/api/v1/stock/orders/{id}', takesToken: true },
  shipUnits: { method: 'PUT', path: '/api/v1/stock/orders/{id}/shipped', takesToken: true },
  auditHolds: { method: 'GET', path: '/api/v1/stock/hold-audit', takesToken: true },
  listCalendarDays: { method: 'GET', path: '/api/v1/calendar/days', takesToken: true },
  correctCalendarDay: { method: 'PUT', path: '/api/v1/calendar/days/{day}', takesToken: true },
  listReplenishmentPolicies: { method: 'GET', path: '/api/v1/replenishment/policies', takesToken: true },
  beginReplenishmentPolicy: { method: 'POST', path: '/api/v1/replenishment/policies', takesToken: true },
  getReplenishmentPolicy: { method: 'GET', path: '/api/v1/replenishment/policies/{id}', takesToken: true },
  changeReplenishmentPolicy: { method: 'PUT', path: '/api/v1/replenishment/policies/{id}', takesToken: true },
  listReplenishmentDecisions: { method: 'GET', path: '/api/v1/replenishment/policies/{id}/decisions', takesToken: true },
  listSupportRooms: { method: 'GET', path: '/api/v1/chat/support-rooms', takesToken: true },
  listReports: { method: 'GET', path: '/api/v1/chat/reports', takesToken: true },
  resolveReport: { method: 'POST', path: '/api/v1/chat/reports/{id}/resolution', takesToken: true },
  listSlaTargets: { method: 'GET', path: '/api/v1/support/sla-targets', takesToken: true },
  changeSlaTarget: { method: 'PUT', path: '/api/v1/support/sla-targets/{priority}', takesToken: true },
  listQueue: { method: 'GET', path: '/api/v1/support/queue', takesToken: true },
  takeTicket: { method: 'POST', path: '/api/v1/support/queue/take', takesToken: true },
  sayReady: { method: 'PUT', path: '/api/v1/support/readiness', takesToken: true },
  sayAway: { method: 'DELETE', path: '/api/v1/support/readiness', takesToken: true },
  getDeskTicket: { method: 'GET', path: '/api/v1/support/desk/{id}', takesToken: true },
  listDeskMessages: { method: 'GET', path: '/api/v1/support/desk/{id}/messages', takesToken: true },
  answerAsShop: { method: 'POST', path: '/api/v1/support/desk/{id}/answers', takesToken: true },
  noteOnTicket: { method: 'POST', path: '/api/v1/support/desk/{id}/notes', takesToken: true },
  moveTicket: { method: 'PUT', path: '/api/v1/support/desk/{id}/status', takesToken: true },
  assignTicket: { method: 'PUT', path: '/api/v1/support/desk/{id}/assignee', takesToken: true },
  prioritiseTicket: { method: 'PUT', path: '/api/v1/support/desk/{id}/priority', takesToken: true },
  categoriseTicket: { method: 'PUT', path: '/api/v1/support/desk/{id}/category', takesToken: true },
  listCannedAnswers: { method: 'GET', path: '/api/v1/support/canned-answers', takesToken: true },
  keepCannedAnswer: { method: 'PUT', path: '/api/v1/support/canned-answers/{team}/{code}', takesToken: true },
  removeCannedAnswer: { method: 'DELETE', path: '/api/v1/support/canned-answers/{team}/{code}', takesToken: true },
  getFigures: { method: 'GET', path: '/api/v1/analytics/figures', takesToken: true },
  getFigureHistory: { method: 'GET', path: '/api/v1/analytics/history', takesToken: true },
  rebuildFigures: { method: 'POST', path: '/api/v1/analytics/rebuild', takesToken: true },
} as const;
