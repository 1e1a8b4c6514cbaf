/** Requests and frames share this count, by the id of the account: each can be a row of the journal. */
export const NOTIFICATION_LIMIT = { name: 'notifications', limit: 60, windowSeconds: 60 } as const;
