import type { Client, Connection, Submittable } from 'pg';

/** A column of a result, as Postgres describes it. */
export interface DescribedColumn {
  readonly name: string;
  /** The name of the type in `pg_type`. */
  readonly type: string;
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** Has Postgres parse a statement, without running it, and describe the columns of its result. */
export async function describeStatement(client: Client, text: string): Promise<DescribedColumn[]> {
  const fields = await parse(client, text);
  const { rows } = await client.query<{ oid: number; typname: string }>(
    'SELECT oid, typname FROM pg_type WHERE oid = ANY ($1)',
    [fields.map(({ dataTypeID }) => dataTypeID)],
  );
  const names = new Map(rows.map(({ oid, typname }) => [oid, typname]));
  return fields.map(({ name, dataTypeID }) => ({ name, type: names.get(dataTypeID)! }));
}

/** Parse, Describe and Sync of the wire protocol: https://www.postgresql.org/docs/18/protocol-flow.html */
function parse(client: Client, text: string): Promise<RowDescription['fields']> {
  return new Promise((resolve, reject) => {
    let fields: RowDescription['fields'] = [];
    const description = {
      submit(connection: Connection) {
        connection.parse({ name: '', text, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription: (message: RowDescription) => (fields = message.fields),
      handleError: reject,
      handleReadyForQuery: () => resolve(fields),
    };
    client.query(description as Submittable);
  });
}
