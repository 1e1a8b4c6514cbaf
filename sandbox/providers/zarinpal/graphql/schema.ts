import { buildSchema, GraphQLError, type GraphQLScalarType, type GraphQLSchema } from 'graphql';

import type { Switches } from '../switches';

/** The names of the two families of lists; which one the live service answers is unknown. */
const FAMILIES = {
  Session: `
    Session(terminal_id: ID!, filter: FilterEnum, id: ID, reference_id: String, rrn: String, card_pan: String,
      email: String, mobile: CellNumber, description: String, limit: Int, offset: Int): [Transaction!]
    SessionById(id: ID!): Transaction`,
  GetTransactions: `
    GetTransactions(terminal_id: ID!, filter: String, limit: Int, offset: Int): [Transaction!]
    GetRefund(id: ID!): Refund
    GetRefunds(terminal_id: ID!, limit: Int, offset: Int): [Refund!]`,
};

/** Scalars stand for enums, too: their refusal names the values, and a client may declare the type as text. */
const SCALARS: Readonly<Record<string, (value: unknown) => unknown>> = {
  BigInteger: wholeNumber,
  CellNumber: String,
  FilterEnum: among('PAID', 'VERIFIED', 'TRASH', 'ACTIVE', 'REFUNDED'),
  InstantPayoutActionTypeEnum: among('PAYA', 'CARD'),
  RefundReasonEnum: among('CUSTOMER_REQUEST', 'DUPLICATE_TRANSACTION', 'SUSPICIOUS_TRANSACTION', 'OTHER'),
};

const schemas = new Map<string, GraphQLSchema>();

/** The account API's schema in one of its possible forms. https://zarinpal.com/docs/apiDocs/query/refund */
export function accountSchema(
  family: Switches['graphqlFamily'],
  timelineShape: Switches['timelineShape'],
): GraphQLSchema {
  const key = `${family} ${timelineShape}`;
  const schema = schemas.get(key) ?? buildAccountSchema(family, timelineShape);
  schemas.set(key, schema);
  return schema;
}

function buildAccountSchema(
  family: Switches['graphqlFamily'],
  timelineShape: Switches['timelineShape'],
): GraphQLSchema {
  const lists = family === 'both' ? Object.values(FAMILIES).join('\n') : FAMILIES[family];
  const schema = buildSchema(`
    ${Object.keys(SCALARS)
      .map((name) => `scalar ${name}`)
      .join('\n')}
    type Transaction {
      id: ID!, terminal_id: ID!, status: String!, amount: BigInteger!, fee: BigInteger!, description: String!
      created_at: String!, authority: String!, reference_id: String, rrn: String, card_pan: String, email: String
      mobile: CellNumber
    }
    type RefundStep { refund_amount: BigInteger!, refund_time: String, refund_status: String! }
    type Refund {
      id: ID!, terminal_id: ID!, session_id: ID!, amount: BigInteger!, status: String!, description: String
      method: InstantPayoutActionTypeEnum!, reason: RefundReasonEnum, created_at: String!
      timeline: ${timelineShape === 'list' ? '[RefundStep!]!' : 'RefundStep!'}
    }
    type Query {${lists}}
    type Mutation {
      AddRefund(session_id: ID!, amount: BigInteger!, description: String, method: InstantPayoutActionTypeEnum,
        reason: RefundReasonEnum): Refund
    }
  `);
  for (const [name, parse] of Object.entries(SCALARS)) {
    (schema.getType(name) as GraphQLScalarType).parseValue = parse;
  }
  return schema;
}

/** A whole number, also one that is written as text. */
function wholeNumber(value: unknown): number {
  if (!/^-?\d{1,15}$/.test(String(value))) throw new GraphQLError('The amount must be an integer.');
  return Number(value);
}

function among(...allowed: readonly string[]): (value: unknown) => string {
  return (value) => {
    if (allowed.includes(value as string)) return value as string;
    throw new GraphQLError(`Value ${JSON.stringify(value)} is none of ${allowed.join(', ')}.`);
  };
}
