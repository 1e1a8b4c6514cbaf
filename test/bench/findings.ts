import { findingsOfReads, type Reads } from './catalogue-reads';
import type { MeasuredMessages } from './messages';
import type { MeasuredRecommendations } from './recommendations';
import type { MeasuredRelay } from './relay';
import { milliseconds, type Finding, type Joined } from './report';
import type { MeasuredSignIns } from './sign-ins';
import type { MeasuredStock } from './stock';

/** CPU by part, in milliseconds. */
export type Cpu = Map<string, number>;

/** The rounds of one number of clients, beside those of the bare workflow. */
export interface Measured {
  readonly clients: number;
  readonly bare: Joined;
  readonly shop: Joined;
  readonly cpuPerWorkflow: Cpu;
  readonly cpuPerOrder: Cpu;
  readonly statementsPerOrder: number;
}

/** Everything that was measured. */
export interface Everything {
  readonly measured: readonly Measured[];
  /** Whole purchases, from the empty cart to the paid order. */
  readonly purchases: Joined & { readonly clients: number };
  readonly reads: readonly Reads[];
  readonly messages: MeasuredMessages;
  readonly signIns: MeasuredSignIns;
  readonly relay: MeasuredRelay;
  readonly recommendations: MeasuredRecommendations;
  readonly stock: MeasuredStock;
  readonly transitions: number;
  readonly violations: number;
}

/** What was measured, in words, with its aims. */
export function findingsOf({
  measured,
  purchases,
  reads,
  messages,
  signIns,
  relay,
  recommendations,
  stock,
  transitions,
  violations,
}: Everything): Finding[] {
  const findings: Finding[] = [];
  for (const { clients, bare, shop, cpuPerWorkflow, cpuPerOrder, statementsPerOrder } of measured) {
    const share = shop.perSecond / bare.perSecond;
    const one = clients === 1;
    findings.push(
      { what: `bare workflows/s, ${clients} clients`, value: bare.perSecond.toFixed(1) },
      {
        what: `paid orders/s, ${clients} clients`,
        value: `${shop.perSecond.toFixed(1)} (${(share * 100).toFixed(0)} % of bare)`,
        ...(clients === 32 && { aim: '≥ 70 % of bare', isMet: share >= 0.7 }),
      },
      { what: `bare start → answer, ${clients} clients (p50/p95/p99)`, value: milliseconds(bare.place) },
      {
        what: `POST → redirect, ${clients} clients (p50/p95/p99)`,
        value: milliseconds(shop.place),
        ...(one && { aim: 'p50 < 60 ms', isMet: shop.place.p50 < 60 }),
      },
      {
        what: `bare second update → answer, ${clients} clients (p50/p95/p99)`,
        value: milliseconds(bare.settle),
      },
      {
        what: `callback → paid, ${clients} clients (p50/p95/p99)`,
        value: milliseconds(shop.settle),
        ...(one && { aim: 'p50 < 45 ms', isMet: shop.settle.p50 < 45 }),
      },
      {
        what: `SQL statements an order, ${clients} clients`,
        value: statementsPerOrder.toFixed(1),
        aim: '≤ 28',
        isMet: Math.round(statementsPerOrder) <= 28,
      },
      { what: `CPU a bare workflow, ${clients} clients`, value: cpuText(cpuPerWorkflow) },
      { what: `CPU an order, ${clients} clients`, value: cpuText(cpuPerOrder) },
    );
  }
  findings.push({
    what: `whole purchases/s, cart and all, ${purchases.clients} clients`,
    value: purchases.perSecond.toFixed(1),
  });
  findings.push(...findingsOfReads(reads));
  const { clients, bare, shop } = messages;
  findings.push(
    {
      what: `messages by SMS/s until a provider has them, ${clients} clients`,
      value: `${shop.perSecond.toFixed(1)}/s beside ${bare.perSecond.toFixed(1)}/s of a bare workflow (${((shop.perSecond / bare.perSecond) * 100).toFixed(0)} %)`,
    },
    {
      what: `sign-ins/s from the number to the tokens, ${signIns.clients} clients`,
      value: `${signIns.shop.perSecond.toFixed(1)}/s beside ${signIns.bare.perSecond.toFixed(1)}/s of a bare workflow (${((signIns.shop.perSecond / signIns.bare.perSecond) * 100).toFixed(0)} %)`,
    },
    { what: `refreshes/s, ${signIns.clients} clients`, value: signIns.refreshes.perSecond.toFixed(0) },
    { what: 'CPU of a check of an access token', value: `${signIns.tokenCheckMs.toFixed(2)} ms` },
    {
      what: 'events/s that the relay takes from a backlog',
      value: `${relay.backlog.perSecond.toFixed(0)} (${relay.backlog.signals} signals for ${relay.backlog.events} events)`,
    },
    {
      what: `commit → signal acknowledged, a new workflow for each event (p50/p95/p99)`,
      value: milliseconds(relay.single.lag),
    },
    { what: 'a movement of stock (p50/p95/p99)', value: milliseconds(stock.movement) },
    ...stock.reservations.map(({ locations, perSecond }) => ({
      what: `reservations/s of one variant at ${locations} locations, 16 clients`,
      value: perSecond.toFixed(0),
      ...(locations > 1 && { aim: '≥ 700', isMet: perSecond >= 700 }),
    })),
    {
      what: 'an import of 2,000 lines of stock (p50/p95/p99)',
      value: milliseconds(stock.imports),
      aim: 'p50 < 250 ms',
      isMet: stock.imports.p50 < 250,
    },
    {
      what: `recommendations of ${recommendations.orders} orders and ${recommendations.products} products`,
      value: `bought together ${(recommendations.togetherMs / 1_000).toFixed(1)} s, similar ${(recommendations.similarMs / 1_000).toFixed(1)} s`,
    },
    {
      what: 'planted pairs that are each other’s first recommendation',
      value: `${recommendations.found} of ${recommendations.pairs}`,
      aim: 'all',
      isMet: recommendations.found === recommendations.pairs,
    },
    { what: 'state transitions a paid order', value: String(transitions) },
    { what: 'invariants broken', value: String(violations), aim: '0', isMet: violations === 0 },
  );
  return findings;
}

function cpuText(cpu: Cpu): string {
  const sum = [...cpu.values()].reduce((all, ms) => all + ms, 0);
  const shown = [...cpu].filter(([, ms]) => ms >= 0.5);
  return `${sum.toFixed(0)} ms: ${shown.map(([part, ms]) => `${part} ${ms.toFixed(1)}`).join(', ')}`;
}
