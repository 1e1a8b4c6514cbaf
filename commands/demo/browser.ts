import type { Timeline } from './timeline';

/** A page as a browser shows it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

const MOST_REDIRECTS = 5;
const LIMIT_MS = 30_000;

/**
 * As much of a browser as a pay page needs: it opens pages, presses buttons of forms and follows redirects. It asks for HTML,
 * and records every page and redirect in the timeline.
 */
export class Browser {
  constructor(
    private readonly timeline: Timeline,
    /** Says whose page is at this address. */
    private readonly hostOf: (url: URL) => 'shop' | 'Zarinpal',
  ) {}

  async open(url: string): Promise<Page> {
    this.timeline.said('buyer', `opens ${url}`);
    return this.load(url, { method: 'GET' });
  }

  /** Presses the form button that has this value. */
  async press(page: Page, value: string): Promise<Page> {
    const button = buttonsOf(page.html).find((it) => it.value === value);
    if (!button) throw new Error(`The page ${page.url} (HTTP ${page.status}) has no button "${value}".`);
    this.timeline.said('buyer', `presses «${button.label}» (${value})`);
    return this.load(new URL(button.action, page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ [button.name]: button.value }),
    });
  }

  private async load(address: string, request: { method: string; body?: URLSearchParams }): Promise<Page> {
    let url = new URL(address);
    let response = await this.ask(url, request);
    for (let hops = 0; response.status >= 300 && response.status < 400; hops += 1) {
      const goTo = response.headers.get('location');
      if (goTo === null || hops === MOST_REDIRECTS)
        throw new Error(`${url.href} redirects to nowhere or too often.`);
      const next = new URL(goTo, url);
      this.timeline.said(this.hostOf(url), `${response.status}, go to ${shortened(next)}`);
      url = next;
      response = await this.ask(url, { method: 'GET' });
    }
    const html = await response.text();
    this.timeline.said(this.hostOf(url), `${response.status}, a page: «${titleOf(html)}»`);
    return { url: url.href, status: response.status, html };
  }

  private ask(url: URL, request: { method: string; body?: URLSearchParams }): Promise<Response> {
    return fetch(url, {
      ...request,
      headers: { accept: 'text/html' },
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }
}

interface Button {
  readonly action: string;
  readonly name: string;
  readonly value: string;
  readonly label: string;
}

function buttonsOf(html: string): Button[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].flatMap(([, form = '', inside = '']) =>
    [...inside.matchAll(/<button\b([^>]*)>(.*?)<\/button>/gs)].map(([, button = '', label = '']) => ({
      action: attribute(form, 'action') ?? '',
      name: attribute(button, 'name') ?? '',
      value: attribute(button, 'value') ?? '',
      label,
    })),
  );
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
}

function titleOf(html: string): string {
  return /<title>(.*?)<\/title>/s.exec(html)?.[1] ?? 'without a title';
}

/** Shortens a long token at the end of the path. */
function shortened(url: URL): string {
  return `${url.origin}${url.pathname.replace(/(?<=\/)[\w-]{12}[\w.-]{28,}$/, (token) => `${token.slice(0, 12)}…`)}${url.search}`;
}
