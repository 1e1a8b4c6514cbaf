import type { IncomingHttpHeaders } from 'node:http';

import type { Context } from 'koa';
import readRaw from 'raw-body';

import { LANGUAGES, type Language } from './pages/language';
import { RequestProblem } from './problem';

/** One request, read to its end. */
export interface Call {
  readonly method: string;
  /** The whole address that was asked, also when a client spoke as to a proxy. */
  readonly url: URL;
  /** What the path's pattern named. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The caller's IP address; an IPv4 address has no IPv6 prefix. */
  readonly address: string;
  readonly bytes: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** The JSON object of the body; an empty one for anything else. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What pages for this caller are written in. */
  readonly language: Language;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Reads a request. Throws a {@link RequestProblem}: 400 for an unreadable address, 413 above the limit, by default 1 MiB. */
export async function readCall(ctx: Context, limit = BODY_LIMIT_BYTES): Promise<Call> {
  const base = `http://${ctx.get('Host') || 'localhost'}`;
  if (!URL.canParse(ctx.url, base)) throw new RequestProblem(400, 'the address is not readable');
  const url = new URL(ctx.url, base);
  const bytes = await readRaw(ctx.req, { limit });
  const text = new TextDecoder().decode(bytes);
  return {
    method: ctx.method,
    url,
    params: {},
    headers: ctx.headers,
    address: (ctx.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    bytes,
    text,
    json: jsonObject(text),
    language: languageOf(ctx, url),
  };
}

/** The body of a form. */
export function form({ text }: Pick<Call, 'text'>): URLSearchParams {
  return new URLSearchParams(text);
}

/** The media type of the body in lower case, without parameters. */
export function mediaType({ headers }: Pick<Call, 'headers'>): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

/**
 * `?lang=` decides and is remembered in a cookie. Without it the caller's preference decides: Persian for a caller who
 * prefers nothing, English for one who accepts neither.
 */
function languageOf(ctx: Context, url: URL): Language {
  const chosen = knownLanguage(url.searchParams.get('lang'));
  const isBrowser = ctx.get('Accept').includes('text/html');
  if (chosen && isBrowser) ctx.cookies.set('language', chosen, { sameSite: 'lax' });
  return (
    chosen ??
    knownLanguage(ctx.cookies.get('language')) ??
    knownLanguage(ctx.acceptsLanguages(...LANGUAGES)) ??
    'en'
  );
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

function knownLanguage(text: string | false | null | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === text);
}
