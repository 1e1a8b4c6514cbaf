import type { Client } from 'pg';

import type { DatabaseConfig } from './config/database';
import { connectionSettings } from './postgres';
import { AnsweringClient } from './postgres-client';

/** How long a statement on such a connection may take. Its callers poll, so a slow Postgres is asked again soon. */
const STATEMENT_TIMEOUT_MS = 2_500;
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * Opens one connection outside the pool, for what belongs to a session: LISTEN, NOTIFY, advisory locks. It ends when a
 * statement gets no answer within three seconds. It needs a direct way to the primary: a pooler that shares connections
 * between transactions loses what belongs to a session.
 *
 * @param onEnd called once, when the connection has ended for whatever reason, or could not be opened
 */
export async function openOwnConnection(
  config: DatabaseConfig,
  applicationName: string,
  onEnd: (ended: Client) => void,
): Promise<Client> {
  const client = new AnsweringClient({
    ...connectionSettings({ ...config, databaseStatementTimeoutMs: STATEMENT_TIMEOUT_MS }),
    connectionString: config.databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
  });
  // Without a listener an error of an idle connection would end the process. `end` follows every error.
  client.on('error', () => {});
  client.once('end', () => onEnd(client));
  await client.connect();
  return client;
}
