import type { EntityManager } from 'typeorm';

import { instant, integer, json, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import type { StaffRole } from './policy';
import type { SessionKind } from './session';

/** A session that is alive now. */
export interface LiveSession {
  readonly sessionId: string;
  readonly accountId: string;
  readonly kind: SessionKind;
  readonly generation: number;
  readonly confirmed: number;
  readonly provedAt: Date;
  /** The roles that count in this session: none in a customer's, and none without a second factor that counts. */
  readonly roles: readonly StaffRole[];
  /** When it was read, by the clock of the database. */
  readonly readAt: Date;
}

const LIVE = statement<LiveSession>(
  `SELECT s.id AS "sessionId", s.account_id AS "accountId", s.kind, s.generation, s.confirmed, s.proved_at AS "provedAt",
     statement_timestamp() AS "readAt",
     (SELECT coalesce(json_agg(r.role), '[]') FROM account_roles r 
       JOIN factors f ON f.id = s.factor_id AND f.confirmed_at IS NOT NULL AND f.retired_at IS NULL
       WHERE r.account_id = s.account_id AND s.kind = 'staff') AS roles
   FROM sessions s JOIN accounts a ON a.id = s.account_id
   WHERE s.id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.idle_until > now() AND a.status = 'active'`,
  {
    sessionId: uuid,
    accountId: uuid,
    kind: text,
    generation: integer,
    confirmed: integer,
    provedAt: instant,
    readAt: instant,
    roles: json<StaffRole[]>(),
  },
);

/** Which of these sessions are alive, in one statement: a request asks for one, a socket node for all of its own. */
export function readLiveSessions(
  manager: EntityManager,
  sessionIds: readonly string[],
): Promise<LiveSession[]> {
  return rows(manager, LIVE, [sessionIds]);
}
