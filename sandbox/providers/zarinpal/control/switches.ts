import type { ControlCall } from '../control';
import type { Sandbox } from '../sandbox';
import { wrongSwitches, type Switches } from '../switches';
import { ControlProblem } from './input';

/** `/_sandbox/switches`: GET tells, PATCH changes some, DELETE puts all back. */
export function answerSwitchControl(sandbox: Sandbox, { method, body }: ControlCall): Switches {
  if (method === 'PATCH') {
    const wrong = wrongSwitches(body);
    if (wrong.length > 0) throw new ControlProblem(400, `no such switch or value: ${wrong.join(', ')}`);
    sandbox.setSwitches(body);
  } else if (method === 'DELETE') {
    sandbox.setSwitches(null);
  } else if (method !== 'GET') {
    throw new ControlProblem(405, 'use GET, PATCH or DELETE');
  }
  return sandbox.switches();
}
