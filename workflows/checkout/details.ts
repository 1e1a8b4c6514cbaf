import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { Blocker } from '../shared/attention';

/** What an operator reads about the workflow in the Temporal UI, as Markdown for a narrow panel. */
export function renderDetails(order: OrderState, blockers: readonly Blocker[]): string {
  const units = order.units === 1 ? '1 unit' : `${order.units} units`;
  const lines = [
    `**Order ${order.number}** – ${order.status}, ${order.paymentStatus}, ${grouped(order.total)} rial, ${units}`,
    '',
  ];
  if (order.status === 'awaiting_payment') {
    lines.push(`Awaits payment until ${instant(order.paymentDeadline)}.`, '');
  }
  for (const blocker of blockers) {
    lines.push(`> **Needs a person:** ${blocker.what} (\`${blocker.code}\`). ${blocker.resolvedBy}`, '');
  }
  return [...lines, ...order.attempts.flatMap(describeAttempt)].join('\n');
}

function describeAttempt(attempt: AttemptState): string[] {
  const { id, gateway, status, authority, payableUntil, failureCode } = attempt;
  return [
    `- **${status}** at ${gateway}, payable until ${instant(payableUntil)}`,
    `  - attempt \`${id}\``,
    ...(authority === null ? [] : [`  - authority \`${authority}\``]),
    ...(failureCode === null ? [] : [`  - last answer \`${failureCode}\``]),
  ];
}

/** Not by `toLocaleString`: the host's own language data would show. */
function grouped(amount: number): string {
  return String(amount).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
