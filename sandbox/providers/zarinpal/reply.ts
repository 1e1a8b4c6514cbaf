/** An answer. */
export interface AnswerReply {
  readonly status: number;
  readonly type?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes back over the wire: an answer, nothing at all, or a cut connection. */
export type Reply = AnswerReply | { readonly hangUp: 'silence' | 'reset' };

/** A JSON answer. */
export function jsonReply(status: number, body: unknown): AnswerReply {
  return { status, type: 'application/json', text: JSON.stringify(body) };
}

/** A page; it may use nothing but its own inline style and send its forms anywhere. */
export function pageReply(status: number, html: string): AnswerReply {
  return {
    status,
    type: 'text/html; charset=utf-8',
    text: html,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    },
  };
}

/** Sends the browser on with a GET. The location goes out as it is: a relative one leads nowhere, as with Zarinpal. */
export function redirectReply(location: string): AnswerReply {
  // A header carries visible ASCII only; a callback URL may hold anything that the shop wrote into it.
  const visible = location.replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent);
  return { status: 303, headers: { Location: visible, 'Cache-Control': 'no-store' } };
}
