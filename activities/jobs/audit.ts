import { log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { auditHolds, HOLD_FINDINGS, type HoldFinding } from '../../entities/checkout/audit-holds';
import type { Metrics } from '../../platform/metrics';
import { withSnapshot } from '../../platform/snapshot';
import { alertCounter } from '../operations/alert-counter';
import type { PlainWork } from './job.activities';

/** An order is late when the sweep that wakes it has had several chances. */
const MARGIN_MS = 30 * 60_000;
const LIMIT = 100;
const LONGEST_AUDIT_MS = 60_000;
const FOUND = 'stock.holds_differ';

/** What must not be. The other findings are the consequence of a place that staff closed. */
const WRONG: readonly HoldFinding[] = ['order_overdue', 'reserved_differs', 'sale_differs'];

/** Compares holds, levels and sales, and alerts a person when they differ. It changes nothing. */
export function auditHeldStock(database: DataSource, metrics: Metrics): PlainWork {
  const alerts = alertCounter(metrics);
  return async () => {
    const { found, isCut } = await withSnapshot(
      database,
      { statementTimeoutMs: LONGEST_AUDIT_MS },
      (snapshot) => auditHolds(snapshot, { marginMs: MARGIN_MS, limit: LIMIT }),
    );
    const counts = Object.fromEntries(
      HOLD_FINDINGS.map((kind) => [kind, found.filter(({ finding }) => finding === kind).length]),
    );
    const wrong = found.filter(({ finding }) => WRONG.includes(finding));
    if (wrong.length > 0) {
      alerts.inc({ code: FOUND });
      log.error('holds, stock levels or sales differ', { alert: FOUND, found: wrong.slice(0, 10), counts });
    }
    return { found: counts, isCut };
  };
}
