import type { ShopAddresses } from './find-shop';

/** A message as the inbox of the sandboxes shows it. */
export interface InboxMessage {
  readonly provider: string;
  readonly text: string;
  readonly state: string;
}

/** The messages that a number has received, through whichever provider. */
export async function readInbox(
  { smsInboxUrl }: Pick<ShopAddresses, 'smsInboxUrl'>,
  to: string,
): Promise<InboxMessage[]> {
  const response = await fetch(`${smsInboxUrl}/messages?to=${encodeURIComponent(to)}`);
  return ((await response.json()) as { messages: InboxMessage[] }).messages;
}

/** The code in the last line of a message, where browsers look for it; undefined for another message. */
export function codeIn({ text }: InboxMessage): string | undefined {
  return /#(\d{4,8})$/.exec(text.trimEnd())?.[1];
}
