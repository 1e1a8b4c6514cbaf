import type { OrderState } from '../../entities/orders/order-state';
import type { Problem } from '../shared/attention';

/** What an operator reads about the story in the Temporal UI, as Markdown. */
export function describe(order: OrderState, problems: readonly Problem[]): string {
  const lines = [
    `**Order ${order.number}** – ${order.status}, ${order.paymentStatus}, ${order.total} rial, ${order.units} units`,
    '',
  ];
  if (order.status === 'awaiting_payment') {
    lines.push(`Awaits payment until ${new Date(order.paymentDeadline).toISOString()}.`, '');
  }
  for (const problem of problems) {
    lines.push(`> **Needs a person:** ${problem.what} (\`${problem.code}\`). ${problem.resolvedBy}`, '');
  }
  lines.push(
    '| attempt | gateway | status | authority | payable until | last problem |',
    '|---|---|---|---|---|---|',
  );
  for (const attempt of order.attempts) {
    const cells = [
      attempt.id,
      attempt.gateway,
      attempt.status,
      attempt.authority ?? '–',
      new Date(attempt.payableUntil).toISOString(),
      attempt.failureCode ?? '–',
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}
