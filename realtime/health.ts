import type { RequestListener } from 'node:http';

interface Checked {
  readonly isStopping: () => boolean;
  readonly lagMs: () => number;
  readonly isRedisThere: () => boolean;
  /** The protocol's document. */
  readonly describe: () => string;
}

/** The journal is read each second. Whoever has not managed for so long cannot see Postgres. */
const LONGEST_LAG_MS = 5_000;

/** Answers `/health/live`, `/health/ready` and `/asyncapi.json`. A node is ready that follows the journal; without Redis it is only degraded. */
export function healthListener({ isStopping, lagMs, isRedisThere, describe }: Checked): RequestListener {
  return (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const path = request.url?.split('?')[0];
    if (path === '/health/live') return answer(200, { status: 'live' });
    if (path === '/asyncapi.json') {
      return response.writeHead(200, { 'content-type': 'application/json' }).end(describe());
    }
    if (path !== '/health/ready') return answer(404, { status: 'unknown' });
    const away = [...(lagMs() > LONGEST_LAG_MS ? ['postgres'] : []), ...(isRedisThere() ? [] : ['redis'])];
    if (isStopping() || away.includes('postgres')) return answer(503, { status: 'not_ready', away });
    return answer(200, { status: away.length > 0 ? 'degraded' : 'ready', away });
  };
}
