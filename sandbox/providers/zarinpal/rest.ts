import { meetBuyer } from './auto-buyer';
import { refusalAnswer, type Answer } from './envelopes';
import { withFault } from './fault-injection';
import type { FaultEndpoint } from './faults';
import { maskBody } from './mask';
import { Refusal } from './refusal';
import { jsonReply, type Reply } from './reply';
import type { Call } from './rest/call';
import { calculateFee } from './rest/fee-calculation';
import { inquirePayment } from './rest/inquiry';
import { refreshPayment } from './rest/refresh';
import { requestPayment } from './rest/request-payment';
import { reversePayment } from './rest/reverse';
import { listUnverified } from './rest/unverified';
import { verifyPayment } from './rest/verify';
import type { Sandbox } from './sandbox';
import type { Switches } from './switches';

interface Endpoint {
  readonly name: FaultEndpoint;
  readonly answer: (sandbox: Sandbox, call: Call) => Answer;
  readonly isServed?: (switches: Switches, call: Call) => boolean;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'request.json': { name: 'request', answer: requestPayment },
  'verify.json': { name: 'verify', answer: verifyPayment },
  'inquiry.json': { name: 'inquiry', answer: inquirePayment },
  'unVerified.json': { name: 'unVerified', answer: listUnverified },
  'reverse.json': { name: 'reverse', answer: reversePayment },
  'feeCalculation.json': {
    name: 'feeCalculation',
    answer: calculateFee,
    isServed: ({ feeCalculation }, call) =>
      feeCalculation === 'on' || (feeCalculation === 'by-mode' && !call.acceptsAnyId),
  },
  'refresh.json': {
    name: 'refresh',
    answer: refreshPayment,
    isServed: ({ refreshEndpoint }) => refreshEndpoint,
  },
};

/** Answers one call of the REST API; `file` is what stands after `/pg/v4/payment/`. */
export async function answerRest(sandbox: Sandbox, method: string, file: string, call: Call): Promise<Reply> {
  const endpoint = Object.hasOwn(ENDPOINTS, file) ? ENDPOINTS[file] : undefined;
  if (!endpoint || endpoint.isServed?.(sandbox.switches(), call) === false) {
    return jsonReply(404, { message: 'Not Found' });
  }
  if (method !== 'POST') return jsonReply(405, { message: 'The method is not supported for this route.' });

  const authority = text(call.body.authority);
  const fault = sandbox.faults.take({
    endpoint: endpoint.name,
    authority,
    merchantId: text(call.body.merchant_id),
  });
  let answer: Answer | undefined;
  const perform = () => {
    answer = answerOrRefuse(sandbox, endpoint, call);
    return jsonReply(answer.status, answer.body);
  };
  const reply = fault ? await withFault(fault, sandbox.switches(), perform) : perform();
  meetBuyer(sandbox, mintedAuthority(answer));
  sandbox.journal.add({
    kind: 'request',
    endpoint: endpoint.name,
    authority: authority ?? mintedAuthority(answer),
    body: maskBody(call.body),
    ...(answer ? { answer: answer.body, status: answer.status } : {}),
    ...(fault ? { fault: { id: fault.id, kind: fault.kind, when: fault.when } } : {}),
  });
  return reply;
}

function answerOrRefuse(sandbox: Sandbox, endpoint: Endpoint, call: Call): Answer {
  try {
    return endpoint.answer(sandbox, call);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, sandbox.switches());
    throw error;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function mintedAuthority(answer: Answer | undefined): string | undefined {
  return text((answer?.body as { data?: { authority?: unknown } } | undefined)?.data?.authority);
}
