import type { Context } from 'koa';

import type { Markup } from './pages/markup';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly text?: string;
  /** The body of an answer that is no text. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes back over the wire: an answer, nothing ever, or a cut connection. */
export type Outcome = Answer | { readonly hangUp: 'silence' | 'reset' };

export const JSON_TYPE = 'application/json';

/** A JSON answer. */
export function json(status: number, value: unknown): Answer {
  return { status, type: JSON_TYPE, text: JSON.stringify(value) };
}

/** A page. It may use nothing but its own inline style, and may send its forms anywhere. */
export function page(status: number, { text }: Markup): Answer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    text,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    },
  };
}

/** Sends the browser on with a GET. The location goes out as it is: a relative one stays relative. */
export function redirect(location: string): Answer {
  // A header carries visible ASCII only; a location may hold anything that a caller wrote into it.
  const visible = location.replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent);
  return { status: 303, headers: { Location: visible, 'Cache-Control': 'no-store' } };
}

/** Writes the outcome to the wire. */
export function send(ctx: Context, outcome: Outcome): void {
  if ('hangUp' in outcome) {
    ctx.respond = false;
    if (outcome.hangUp === 'reset') ctx.req.socket.resetAndDestroy();
    return;
  }
  ctx.status = outcome.status;
  ctx.set(outcome.headers ?? {});
  if (outcome.type) ctx.set('Content-Type', outcome.type);
  ctx.body = outcome.bytes ?? outcome.text ?? '';
  if (!outcome.type) ctx.remove('Content-Type');
}
