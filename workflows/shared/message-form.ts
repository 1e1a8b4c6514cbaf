import { ApplicationFailure } from '@temporalio/common';

/** The argument of a message as it arrives: anything at all, when somebody sent it by hand. */
export type Argument = Readonly<Record<string, unknown>> | undefined;

/**
 * A validator for an update's argument. Validators look at nothing but the argument, so a reset may run them again. Without
 * one, a malformed message would fail the workflow's task each time it is delivered.
 *
 * @param form what the message should look like, for the sender
 */
export function messageForm(
  form: string,
  isWellFormed: (argument: Argument) => boolean,
): (argument: Argument) => void {
  return (argument: Argument): void => {
    if (isWellFormed(argument)) return;
    throw ApplicationFailure.create({
      message: `this message is sent as ${form}`,
      type: 'request.invalid',
      nonRetryable: true,
      category: 'BENIGN',
    });
  };
}

/** Whether the value is a non-empty string of at most that many characters. */
export function isText(value: unknown, atMost = 200): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= atMost;
}
