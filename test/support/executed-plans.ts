import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

/** A node of an executed plan. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** An executed statement. Those inside functions and triggers count too. */
export interface ExecutedPlan {
  readonly statement: string;
  /** The tables that were read from end to end. */
  readonly readWhole: readonly string[];
  /** The indexes and tables it went through, for a message. */
  readonly nodes: readonly string[];
}

/** Makes a database report its plans. Run these before the pool that is watched is opened. */
export function tellPlans(name: string): string[] {
  return [
    `ALTER DATABASE ${name} SET session_preload_libraries = 'auto_explain'`,
    `ALTER DATABASE ${name} SET auto_explain.log_min_duration = 0`,
    `ALTER DATABASE ${name} SET auto_explain.log_format = 'json'`,
    `ALTER DATABASE ${name} SET auto_explain.log_nested_statements = on`,
    `ALTER DATABASE ${name} SET client_min_messages = 'log'`,
  ];
}

/** Collects the plans of everything that this pool executes from now on. `take` empties the collection. */
export function collectPlans(database: DataSource): { take(): ExecutedPlan[] } {
  let plans: ExecutedPlan[] = [];
  const watched = new WeakSet<PoolClient>();
  const pool = (database.driver as unknown as { master: Pool }).master;
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.on('notice', ({ message = '' }) => {
      const start = message.indexOf('plan:\n');
      if (start !== -1) plans.push(readPlan(message.slice(start + 'plan:\n'.length)));
    });
  });
  return {
    take() {
      const taken = plans;
      plans = [];
      return taken;
    },
  };
}

function readPlan(json: string): ExecutedPlan {
  const { 'Query Text': statement, Plan: root } = JSON.parse(json) as {
    'Query Text': string;
    Plan: PlanNode;
  };
  const nodes = flatten(root);
  return {
    statement,
    readWhole: nodes
      .filter((node) => node['Node Type'].includes('Seq Scan'))
      .map((node) => node['Relation Name'] ?? '?'),
    nodes: nodes.map((node) => [node['Node Type'], node['Relation Name']].filter(Boolean).join(' on ')),
  };
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
