import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { expect, test } from 'vitest';

import { describeRoute } from '../../../api/describe-route';
import { validate } from '../../../api/middleware/validate';
import { describeApi } from '../../../api/openapi/document';
import { renderClient } from '../../../api/openapi/render-client';
import { publicRouter } from '../../../api/router-kinds';

// As in two folders whose files do not know each other.
const orders = (() => {
  class ItemView {
    @IsInt()
    quantity!: number;
  }
  class OrderView {
    @ValidateNested({ each: true })
    @Type(() => ItemView)
    items!: ItemView[];
  }
  return { OrderView };
})();
const support = (() => {
  class ItemView {
    @IsString()
    question!: string;
  }
  class OrderView {
    @ValidateNested()
    @Type(() => ItemView)
    item!: ItemView;
  }
  class ItemInput {
    @IsString()
    question!: string;
  }
  return { OrderView, ItemInput };
})();

class ForgetfulView {
  @ValidateNested()
  next!: ForgetfulView;
}

function documentOfBoth() {
  const router = publicRouter('');
  router.get(
    '/orders',
    [
      describeRoute({
        operation: 'listOrders',
        tag: 'orders',
        summary: 'Orders',
        answers: { 200: [orders.OrderView] },
      }),
    ],
    () => ({ status: 200, body: [] }),
  );
  router.post(
    '/tickets',
    [
      describeRoute({
        operation: 'postTickets',
        tag: 'support',
        summary: 'Ask',
        answers: { 201: support.OrderView },
      }),
      validate(support.ItemInput),
    ],
    (ctx) => ({ status: 201, body: { item: { question: ctx.state.input.question } } }),
  );
  return describeApi(router.routes);
}

test('two classes of one name are two schemas, the later one named after its tag', () => {
  const { schemas } = documentOfBoth().components as { schemas: Record<string, { properties: object }> };

  expect(Object.keys(schemas)).toEqual([
    'FieldErrorView',
    'ItemInput',
    'ItemView',
    'LineProblemView',
    'MoneyView',
    'OrderView',
    'ProblemView',
    'RefusedLineView',
    'StockHolderView',
    'StockShortageView',
    'SupportItemView',
    'SupportOrderView',
  ]);
  expect(schemas['OrderView']?.properties).toEqual({
    items: { type: 'array', items: { $ref: '#/components/schemas/ItemView' } },
  });
  expect(schemas['SupportOrderView']?.properties).toEqual({
    item: { $ref: '#/components/schemas/SupportItemView' },
  });
  expect(schemas['SupportItemView']?.properties).toEqual({ question: { type: 'string' } });
});

test('the client tells them apart', () => {
  const client = renderClient(documentOfBoth());

  expect(client).toContain('export interface OrderView {\n  readonly items: readonly ItemView[];\n}');
  expect(client).toContain('export interface SupportOrderView {\n  readonly item: SupportItemView;\n}');
  expect(client).toMatch(/postTickets: .* readonly answer: SupportOrderView }/);
});

test('a nested field without @Type is named', () => {
  const router = publicRouter('');
  const about = describeRoute({
    operation: 'beForgetful',
    tag: 'test',
    summary: 'Forgets @Type',
    answers: { 200: ForgetfulView },
  });
  router.get('/forgetful', [about], () => {
    throw new Error('never called');
  });

  expect(() => describeApi(router.routes)).toThrow('ForgetfulView.next is nested: it needs @Type');
});
