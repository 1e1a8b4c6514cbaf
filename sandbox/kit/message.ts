/** A request that the sandbox makes: a webhook, or an address that it loads in the place of somebody's browser. */
export interface Message {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What journal and control API say about it, such as an id and a status. */
  readonly note: Readonly<Record<string, string>>;
}

/** What the receiver answered. */
export interface Received {
  /** The HTTP status, or null when nothing came back. */
  readonly answered: number | null;
  readonly location: string | null;
  readonly error: string | null;
}

/** A message that was sent. The fields of its note stand beside these. */
export interface Delivery extends Received {
  readonly url: string;
  readonly [note: string]: string | number | null;
}

const DELIVERY_LIMIT_MS = 60_000;

/** Sends a message once and reads the answer to its end. Never rejects. */
export async function sendMessage(
  { url, method = 'GET', headers, body }: Message,
  stopping: AbortSignal,
): Promise<Received> {
  try {
    const response = await fetch(url, {
      method,
      headers: headers ?? {},
      body: body ?? null,
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(DELIVERY_LIMIT_MS)]),
    });
    await response.arrayBuffer();
    return { answered: response.status, location: response.headers.get('location'), error: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { answered: null, location: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
