import type { Client } from 'pg';

import { createBell } from './bell';
import type { DatabaseConfig } from './config/database';
import type { Logger } from './logger';
import { openOwnConnection } from './own-connection';

const HEARTBEAT_MS = 1_000;
/**
 * Postgres ends a leader's connection after this long without a heartbeat, so that a process that is frozen, or whose machine is
 * gone without a word, does not keep the lock.
 */
const SILENCE_LIMIT_MS = 10_000;

/** What a leader does, until it is ended. */
export interface Reign {
  /** Resolves once nothing is under way any more. */
  end(): Promise<void>;
}

/** Who leads, and what. */
export interface LeadershipOptions {
  /** Of what is led. Processes with the same name and database elect one leader. */
  readonly name: string;
  readonly database: DatabaseConfig;
  /**
   * Begins to lead. When it rejects, this process gives the lead up.
   *
   * @param resign gives the lead up, and returns at once. It may be taken again later
   */
  readonly lead: (resign: (reason: string) => void) => Promise<Reign>;
  readonly logger: Logger;
}

/** Takes part in the election of a leader until it is closed. */
export interface Leadership {
  readonly isLeading: boolean;
  /** Ends the reign if there is one, then gives the lock back. */
  close(): Promise<void>;
}

/**
 * Leads while this process holds a session advisory lock on a connection of its own; the others ask for the lock each second.
 * When a leader's connection ends, Postgres frees the lock at once. A frozen leader loses it after ten seconds.
 *
 * Two processes may believe for a moment that they lead: one that was frozen and continues does not know yet that its connection
 * has ended. So what a leader stores needs a comparison with what it read.
 */
export function openLeadership({ name, database, lead, logger: parent }: LeadershipOptions): Leadership {
  const logger = parent.child({ leadership: name });
  const bell = createBell();
  let connection: Client | undefined;
  let reign: Reign | undefined;
  let isAway = false;

  async function connect(): Promise<Client> {
    const opened = await openOwnConnection(database, `asoud-lead-${name}`, (ended) => {
      if (connection !== ended) return;
      connection = undefined;
      bell.ring();
    });
    connection = opened;
    await opened.query(`SET idle_session_timeout = ${SILENCE_LIMIT_MS}`);
    return opened;
  }

  function disconnect(): void {
    void connection?.end().catch(() => {});
    connection = undefined;
  }

  function resign(reason: string): void {
    logger.warn({ reason }, 'giving the lead up');
    disconnect();
    bell.ring();
  }

  async function beat(): Promise<void> {
    if (reign && !connection) await endReign();
    const client = connection ?? (await connect());
    isAway = false;
    if (reign) return void (await client.query('SELECT 1'));
    const { rows } = await client.query<{ isFree: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('asoud-lead-' || $1, 0)) AS "isFree"`,
      [name],
    );
    if (!rows[0]!.isFree || bell.isStopped) return;
    logger.info('leading');
    reign = await lead(resign);
  }

  async function endReign(): Promise<void> {
    await reign?.end();
    reign = undefined;
    logger.info('not leading any more');
  }

  async function takePart(): Promise<void> {
    while (!bell.isStopped) {
      try {
        await beat();
        await bell.heard(HEARTBEAT_MS);
      } catch (error) {
        disconnect();
        if (reign) await endReign();
        if (bell.isStopped) break;
        if (!isAway) logger.warn({ err: error }, 'cannot lead now');
        isAway = true;
        await bell.pause(HEARTBEAT_MS);
      }
    }
    if (reign) await endReign();
    disconnect();
  }

  const takingPart = takePart();
  return {
    get isLeading() {
      return reign !== undefined && connection !== undefined;
    },
    async close() {
      bell.stop();
      await takingPart;
    },
  };
}
