/** The most members of a room. */
export const MEMBERS_AT_MOST = 100;
/** The most active rooms that one person has opened or joined, and the most that others have brought them into. */
export const ROOMS_AT_MOST = 500;
/** The most active rooms of one other person into which somebody can be brought. */
export const BROUGHT_BY_ONE_AT_MOST = 50;
/** In larger rooms nobody is told how far others have read. */
export const TELLING_MEMBERS = 10;
/** Unread messages are counted up to here. */
export const UNREAD_AT_MOST = 100;
/** How long an author may edit a message, by the clock of the database. */
export const EDITABLE_MINUTES = 15;

/** How often one person may do something, whatever way it comes: a name for the common count and the limit. */
export interface ChatLimit {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Requests and frames share these counts, by the id of the account. */
export const CHAT_LIMITS = {
  /** Sending, editing and deleting. */
  send: { name: 'chat-send', limit: 5, windowSeconds: 1 },
  /** Each can be a row of the journal. */
  read: { name: 'chat-read', limit: 2, windowSeconds: 1 },
  /** Rooms opened, people invited, roles given. */
  arrange: { name: 'chat-arrange', limit: 30, windowSeconds: 60 },
  search: { name: 'chat-search', limit: 30, windowSeconds: 60 },
  upload: { name: 'chat-upload', limit: 20, windowSeconds: 60 },
  report: { name: 'chat-report', limit: 20, windowSeconds: 3_600 },
} as const satisfies Record<string, ChatLimit>;

export type ChatLimitName = keyof typeof CHAT_LIMITS;
