import type { EntityManager } from 'typeorm';

import { instant, integer, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import type { SessionKind } from './session';

/** A session that is alive now. */
export interface LiveSession {
  readonly sessionId: string;
  readonly accountId: string;
  readonly kind: SessionKind;
  readonly generation: number;
  readonly confirmed: number;
  readonly provedAt: Date;
}

const LIVE = statement<LiveSession>(
  `SELECT s.id AS "sessionId", s.account_id AS "accountId", s.kind, s.generation, s.confirmed, s.proved_at AS "provedAt"
   FROM sessions s JOIN accounts a ON a.id = s.account_id
   WHERE s.id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.idle_until > now() AND a.status = 'active'`,
  {
    sessionId: uuid,
    accountId: uuid,
    kind: text,
    generation: integer,
    confirmed: integer,
    provedAt: instant,
  },
);

/** Which of these sessions are alive, in one statement: a request asks for one, a socket node for all of its own. */
export function readLiveSessions(
  manager: EntityManager,
  sessionIds: readonly string[],
): Promise<LiveSession[]> {
  return rows(manager, LIVE, [sessionIds]);
}
