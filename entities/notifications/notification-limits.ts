/** Requests and frames share this count, by the id of the account: each can be a row of the journal. */
export const NOTIFICATION_LIMIT = { name: 'notifications', limit: 60, windowSeconds: 60 } as const;

/** Badges count up to here: more than that is "many". */
export const COUNTED_AT_MOST = 100;

/** As many are marked as read or seen at once, the newest first. */
export const MARKED_AT_ONCE = 1_000;
