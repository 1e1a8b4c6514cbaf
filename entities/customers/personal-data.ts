/**
 * How the rows of a person are found: by the account, by its carts, orders, tickets and factors, by its codes, by the messages to its
 * numbers, or by its boxes of notifications. An order that was a guest's has one of its own.
 */
export type Owner = 'account' | 'cart' | 'order' | 'ticket' | 'factor' | 'verification' | 'message' | 'box';

/** What of a table is personal. Every column is in one of the lists, so that a test notices a new one. */
export interface PersonalTable {
  readonly table: string;
  readonly by: Owner;
  /** The column that names the owner. */
  readonly key: string;
  /** What its person is shown. */
  readonly shown: readonly string[];
  /** What tells something of a person but nothing to them: keyed hashes and secrets. */
  readonly hidden?: readonly string[];
  /** What may stay: ids, states and counts. */
  readonly rest: readonly string[];
  /** How an erasure treats the rows: it removes them, changes columns, or leaves them. */
  readonly erasure: 'remove' | 'leave' | { readonly set: string };
  /** Which rows an export shows; all unless told. */
  readonly shownIf?: string;
  /** How many rows an export shows, the newest; 1,000 unless told. */
  readonly mostShown?: number;
}

const OF_A_RECIPIENT = [
  'name',
  'phone',
  'province',
  'city',
  'postal_code',
  'lines',
  'plaque',
  'unit',
  'latitude',
  'longitude',
];

/** The recipient of messages whose person was erased. No country has the code 999. */
const ERASED_RECIPIENT = '+999000000000';

/**
 * Every table with rows of people, in the order in which an erasure goes through them: who refers comes before what is referred
 * to. The export shows and the erasure removes what is listed here.
 */
export const PERSONAL_DATA: readonly PersonalTable[] = [
  {
    table: 'profiles',
    by: 'account',
    key: 'account_id',
    shown: ['name', 'email', 'language', 'marketing', 'marketing_at'],
    rest: ['account_id'],
    erasure: 'remove',
  },
  {
    table: 'addresses',
    by: 'account',
    key: 'account_id',
    shown: ['label', 'is_default', ...OF_A_RECIPIENT, 'created_at'],
    rest: ['id', 'account_id', 'version'],
    erasure: 'remove',
  },
  {
    table: 'cart_recipients',
    by: 'cart',
    key: 'cart_id',
    shown: OF_A_RECIPIENT,
    rest: ['cart_id'],
    erasure: 'remove',
  },
  {
    table: 'order_recipients',
    by: 'order',
    key: 'order_id',
    shown: OF_A_RECIPIENT,
    rest: ['order_id'],
    erasure: 'remove',
  },
  {
    table: 'number_changes',
    by: 'account',
    key: 'account_id',
    shown: ['old_phone', 'new_phone', 'status', 'is_old_lost', 'created_at', 'ended_at'],
    rest: [
      'id',
      'account_id',
      'new_verification_id',
      'old_verification_id',
      'new_proved',
      'old_proved',
      'effective_at',
    ],
    erasure: 'remove',
  },
  {
    table: 'sessions',
    by: 'account',
    key: 'account_id',
    shown: ['device_label', 'kind', 'signed_in_at', 'rotated_at', 'ended_at', 'end_reason'],
    hidden: ['client_key'],
    rest: [
      'id',
      'account_id',
      'verification_id',
      'generation',
      'confirmed',
      'proved_at',
      'idle_until',
      'ends_at',
      'factor_id',
      'proof_attempts',
    ],
    erasure: 'remove',
  },
  {
    table: 'recovery_codes',
    by: 'factor',
    key: 'factor_id',
    shown: [],
    hidden: ['hash'],
    rest: ['factor_id', 'used_at'],
    erasure: 'remove',
  },
  {
    table: 'factors',
    by: 'account',
    key: 'account_id',
    shown: ['kind', 'created_at', 'confirmed_at', 'retired_at'],
    hidden: ['secret'],
    rest: ['id', 'account_id', 'key_id', 'last_step'],
    erasure: 'remove',
  },
  {
    table: 'stock_subscriptions',
    by: 'account',
    key: 'account_id',
    shown: ['kind', 'variant_id', 'category_id', 'channel', 'created_at'],
    rest: ['id', 'account_id', 'audience'],
    erasure: 'remove',
  },
  {
    table: 'stock_notices',
    by: 'account',
    key: 'account_id',
    shown: ['alert_id', 'created_at'],
    rest: ['account_id', 'audience', 'message_id'],
    erasure: 'remove',
  },
  {
    table: 'notification_deliveries',
    by: 'box',
    key: 'box_id',
    shown: ['channel', 'status', 'reason', 'created_at', 'ended_at'],
    rest: ['notification_id', 'box_id', 'due_at', 'message_id', 'reopened', 'deploy_since'],
    erasure: 'remove',
  },
  {
    table: 'notifications',
    by: 'box',
    key: 'box_id',
    shown: ['kind', 'data', 'created_at', 'seen_at', 'read_at'],
    rest: ['id', 'box_id', 'category', 'dedupe_key', 'version', 'is_shown'],
    erasure: 'remove',
  },
  {
    table: 'notification_preferences',
    by: 'box',
    key: 'box_id',
    shown: ['category', 'channel', 'is_on'],
    rest: ['box_id'],
    erasure: 'remove',
  },
  {
    table: 'notification_settings',
    by: 'box',
    key: 'box_id',
    shown: ['zone', 'locale', 'quiet_from', 'quiet_to', 'digest', 'digest_hour'],
    rest: ['box_id'],
    erasure: 'remove',
  },
  {
    table: 'notification_digests',
    by: 'box',
    key: 'box_id',
    shown: ['day', 'notifications'],
    rest: ['box_id', 'message_id'],
    erasure: 'remove',
  },
  {
    // Counts its events, which stay.
    table: 'notification_boxes',
    by: 'box',
    key: 'id',
    shown: [],
    rest: ['id', 'account_id', 'order_id', 'version', 'woken_at'],
    erasure: 'leave',
  },
  {
    table: 'cart_reminders',
    by: 'account',
    key: 'account_id',
    shown: ['created_at'],
    rest: ['message_id', 'cart_id', 'account_id'],
    erasure: 'remove',
  },
  {
    // A row keeps its place, so that the counts of its campaign stay true.
    table: 'campaign_recipients',
    by: 'account',
    key: 'account_id',
    shown: ['recipient', 'status', 'reason', 'handed_at', 'delivered_at'],
    rest: ['campaign_id', 'account_id', 'number', 'batch_id', 'provider_message_id', 'delivery_code'],
    erasure: { set: 'recipient = NULL' },
  },
  {
    table: 'campaign_suppressions',
    by: 'account',
    key: 'account_id',
    shown: ['recipient', 'provider', 'code', 'created_at'],
    rest: ['account_id'],
    erasure: 'remove',
  },
  {
    // Before the messages, which a file belongs to. The sweep removes the objects from the store, and then the rows.
    table: 'attachments',
    by: 'account',
    key: 'account_id',
    shown: ['room_id', 'message_seq', 'name', 'type', 'bytes', 'created_at'],
    shownIf: "status <> 'removed'",
    rest: ['id', 'account_id', 'status', 'failure', 'object_key', 'upload_expires_at', 'place', 'changed_at'],
    erasure: {
      set: "status = 'removed', failure = NULL, name = '', message_seq = NULL, place = NULL, changed_at = now()",
    },
  },
  {
    table: 'messages',
    by: 'account',
    key: 'sender_id',
    shown: ['room_id', 'seq', 'text', 'created_at', 'edited_at'],
    hidden: ['request_digest', 'folded'],
    rest: ['id', 'sender_id', 'client_id', 'reply_to_seq', 'deleted_at'],
    shownIf: 'deleted_at IS NULL',
    // A message keeps its place, so that the others' answers do.
    erasure: { set: "text = '', request_digest = NULL, deleted_at = coalesce(deleted_at, now())" },
    mostShown: 10_000,
  },
  {
    table: 'room_members',
    by: 'account',
    key: 'account_id',
    shown: ['room_id', 'role', 'joined_at', 'left_at', 'last_read_seq'],
    rest: ['account_id', 'joined_seq', 'left_reason'],
    // `leaveAllRooms` has ended the memberships and told the others.
    erasure: 'remove',
  },
  {
    table: 'blocks',
    by: 'account',
    key: 'account_id',
    shown: ['blocked_id', 'created_at'],
    rest: ['account_id'],
    erasure: 'remove',
  },
  {
    table: 'reports',
    by: 'account',
    key: 'account_id',
    shown: ['room_id', 'seq', 'reason', 'note', 'created_at', 'resolution', 'resolved_at'],
    rest: ['id', 'account_id', 'resolved_by'],
    erasure: { set: "note = ''" },
  },
  {
    table: 'support_agents',
    by: 'account',
    key: 'account_id',
    shown: [],
    rest: ['account_id', 'teams', 'most', 'ready_until', 'last_given_at'],
    erasure: 'remove',
  },
  {
    // Of staff, too: what they write on somebody's ticket is about that person. Notes are shown to nobody but staff.
    table: 'ticket_messages',
    by: 'ticket',
    key: 'ticket_id',
    shown: ['ticket_id', 'seq', 'is_from_customer', 'text', 'created_at'],
    hidden: ['request_digest'],
    rest: ['kind', 'sender_id', 'client_id'],
    shownIf: "kind = 'answer' AND text <> ''",
    // The numbers stay, so that the others' do.
    erasure: { set: "text = '', request_digest = NULL" },
    mostShown: 10_000,
  },
  {
    table: 'ticket_ratings',
    by: 'ticket',
    key: 'ticket_id',
    shown: ['ticket_id', 'resolution', 'score', 'created_at'],
    rest: [],
    shownIf: "EXISTS (SELECT FROM tickets t WHERE t.id = ticket_id AND t.subject <> '')",
    erasure: 'leave',
  },
  {
    table: 'tickets',
    by: 'ticket',
    key: 'id',
    shown: ['id', 'number', 'category', 'subject', 'status', 'created_at', 'resolved_at', 'closed_at'],
    rest: ['customer_id', 'follows_id', 'last_seq', 'resolutions', 'version'],
    shownIf: "subject <> ''",
    // `closeAllTickets` has closed them.
    erasure: { set: "subject = ''" },
  },
  {
    table: 'sms_messages',
    by: 'message',
    key: 'id',
    shown: ['template', 'language', 'recipient', 'variables', 'status', 'created_at'],
    rest: [
      'id',
      'kind',
      'avoid',
      'expires_at',
      'not_after',
      'requested_by',
      'verification_id',
      'request_digest',
      'failure_code',
      'finished_at',
      'woken_at',
      'wakes',
    ],
    // A message that is still on its way keeps its row, which its workflow reads.
    erasure: { set: `recipient = '${ERASED_RECIPIENT}', variables = NULL` },
  },
  {
    table: 'verifications',
    by: 'verification',
    key: 'id',
    shown: ['purpose', 'phone', 'attempts', 'created_at', 'used_at'],
    hidden: ['salt', 'client_key', 'device_key'],
    rest: [
      'id',
      'pepper_id',
      'expires_at',
      'account_id',
      'language',
      'sends',
      'last_sent_at',
      'factor_attempts',
      'forget_at',
    ],
    // The limits of the number hold, or an erasure would be the way to another code. `forgetCodes` removes the rows a day later.
    // Until then they name number, address and device, and no code: its salt is gone and its time is over.
    erasure: {
      set: `forget_at = created_at + interval '1 day 10 minutes', account_id = NULL, salt = decode(repeat('00', 16), 'hex'),
        expires_at = CASE WHEN used_at IS NULL
          THEN least(expires_at, greatest(now(), created_at + interval '1 millisecond')) ELSE expires_at END`,
    },
  },
  {
    // What a provider says of a delivery names the recipient. The columns are emptied as soon as a worker has judged it.
    table: 'sms_reports',
    by: 'message',
    key: 'message_id',
    shown: [],
    hidden: ['fields', 'url', 'signature'],
    rest: ['id', 'message_id', 'attempt_id', 'provider', 'received_at', 'processed_at', 'verdict'],
    erasure: 'leave',
  },
  {
    table: 'account_roles',
    by: 'account',
    key: 'account_id',
    shown: ['role', 'granted_at'],
    rest: ['account_id', 'granted_by'],
    // Nobody with a role is erased.
    erasure: 'leave',
  },
  {
    table: 'accounts',
    by: 'account',
    key: 'id',
    shown: ['phone', 'status', 'created_at'],
    rest: ['id', 'version'],
    erasure: { set: "status = 'erased', phone = NULL" },
  },
];
