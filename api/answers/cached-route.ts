import { LRUCache } from 'lru-cache';

import type { Language } from '../../entities/customers/profile';
import { AppError } from '../../entities/errors';
import type { Entry } from '../../platform/response-cache/entry';
import type { Loaded } from '../../platform/response-cache/response-cache';
import { CACHE_STATUS_HEADER, cacheStatusOf } from '../../platform/response-cache/warming-request';
import type { RouteDescription } from '../describe-route';
import { tagOf } from '../middleware/conditional';
import { wrap, type Added, type ApiContext, type Guard } from '../middleware/guard';
import type { PublicRouter } from '../router-kinds';
import type { Answer, AnswerShapes } from '../shapes';
import type { AnswerCache, AnswerKind } from './answer-kinds';
import type { MaybeWarming } from './limit-readers';
import { sendEntry } from './send-entry';

const MOST_ADDRESSES = 5_000;
/** Longer addresses and lists of languages are read each time. */
const LONGEST_ADDRESS = 600;

/** What the answer may depend on. Nothing in it says who asks. */
export interface PublicRequest {
  readonly params?: object;
  readonly query: object;
  readonly language: Language;
}

/** What a load found, to be sent as JSON. */
export interface Found<Body> extends Pick<Loaded, 'tags' | 'until'> {
  readonly body: Body;
}

/** How the answers of a route are kept. */
export interface Keeping<Request extends object, Answers extends AnswerShapes> {
  readonly kind: (request: Request) => AnswerKind;
  /** Brings requests with equal answers into one form. */
  readonly canonical?: (request: Request) => Request;
  readonly load: (request: Request) => Promise<Found<BodyOf<Answers>>>;
}

type BodyOf<Answers extends AnswerShapes> =
  Extract<Answer<Answers>, { status: 200 }> extends { readonly body: infer Body } ? Body : never;

/** A request that was read: everything that its answer needs. */
interface Read {
  readonly kind: AnswerKind;
  readonly name: string;
  readonly address: string;
  readonly language: Language;
  readonly load: () => Promise<Loaded>;
}

/**
 * Registers a public GET whose answers are kept as bytes. The load is given what was read of the request and not its context, so no
 * answer can depend on who asks. A kept answer costs neither validation nor presentation.
 *
 * @param pipeline the description, and the guards of every request, such as its limit
 * @param reads the guards that read and check the request. They are skipped for an address that was read before
 */
export function getCached<const Answers extends AnswerShapes, const Reads extends readonly Guard[]>(
  { router, answers }: { readonly router: PublicRouter; readonly answers: AnswerCache },
  path: string,
  pipeline: readonly [RouteDescription<Answers>, ...Guard[]],
  reads: Reads,
  keeping: Keeping<NoInfer<Added<Reads>>, NoInfer<Answers>>,
): void {
  const [description, ...before] = pipeline;
  const { kind, canonical = (request) => request, load } = keeping;
  const known = new LRUCache<string, Read>({ max: MOST_ADDRESSES });

  async function read(ctx: ApiContext): Promise<Read> {
    for (const guard of reads) await guard(ctx, () => Promise.resolve());
    const { params, query, language } = ctx.state as unknown as PublicRequest;
    const request = canonical({ params, query, language } as unknown as Added<Reads>);
    const answerKind = kind(request);
    return {
      kind: answerKind,
      name: nameOf(answerKind, request as unknown as PublicRequest),
      address: ctx.url,
      language,
      async load() {
        const { body, ...more } = await load(request);
        const bytes = Buffer.from(JSON.stringify(body));
        return { ...more, bytes, etag: tagOf(bytes) };
      },
    };
  }

  /** What is kept here is sent at once: promises are a good part of what else it costs. */
  function answer(ctx: ApiContext): unknown {
    const address = `${ctx.req.url}\n${ctx.req.headers['accept-language'] ?? ''}`;
    const { isWarming } = ctx.state as Partial<MaybeWarming>;
    const request = known.get(address);
    const entry = request && !isWarming ? find(request) : readAndFind(ctx, address);
    return entry instanceof Promise ? entry.then((found) => send(ctx, found)) : send(ctx, entry);
  }

  async function readAndFind(ctx: ApiContext, address: string): Promise<Entry> {
    let request = known.get(address);
    if (!request) {
      request = await read(ctx);
      if (address.length <= LONGEST_ADDRESS) known.set(address, request);
    }
    return (ctx.state as Partial<MaybeWarming>).isWarming ? warm(ctx, request) : find(request);
  }

  function find(request: Read): Entry | Promise<Entry> {
    const { kind: answerKind, name } = request;
    const entry = answers.find(answerKind, name);
    if (!entry) return answers.fetch(answerKind, name, request.load);
    answers.hot.count(request);
    return entry;
  }

  /** The worker asks: nobody's habit is counted, and Redis gets what it may have lost. */
  async function warm(ctx: ApiContext, { kind: answerKind, name, load: ask }: Read): Promise<Entry> {
    // What is not kept is loaded in vain.
    if (!answers.figures().isOn) throw new AppError('service.unavailable');
    let isLoaded = false;
    const entry =
      answers.find(answerKind, name) ??
      (await answers.fetch(answerKind, name, () => {
        isLoaded = true;
        return ask();
      }));
    answers.share(answerKind, entry);
    ctx.set(CACHE_STATUS_HEADER, cacheStatusOf(isLoaded));
    return entry;
  }

  const documented = reads.map(({ documentation = {} }) => wrap(documentation, (_ctx, next) => next()));
  const revalidated = wrap({ answers: { 304: 'The caller has this answer already.' } }, (_ctx, next) =>
    next(),
  );
  // The answer is sent as bytes, whose type the load has promised.
  router.get(path, [description, ...before, revalidated, ...documented], ((ctx: ApiContext) =>
    answer(ctx)) as never);
}

function send(ctx: ApiContext, entry: Entry): { readonly status: number } {
  sendEntry(ctx, entry);
  return { status: ctx.status };
}

/** One text for one answer: all that it depends on, in one order, each value so that it cannot pass for two. */
function nameOf(kind: AnswerKind, { params = {}, query, language }: PublicRequest): string {
  const parts = Object.entries({ ...params, ...query, lang: language })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  return [kind, ...parts.toSorted()].join(' ');
}
