import type { SecurityScheme } from '../openapi/documentation';

export const ORDER_TOKEN: SecurityScheme = {
  id: 'orderToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Order-Token',
    description:
      'The token that came with the order. Once the order belongs to a customer, it shows only status and amount.',
  },
};
