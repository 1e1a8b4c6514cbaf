import { isGrpcServiceError, type Connection } from '@temporalio/client';

const ALREADY_EXISTS = 6;
const DAY_SECONDS = 86_400;

/** Creates the namespace. Leaves one that exists as it is. */
export async function ensureNamespace(
  connection: Connection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: (retentionDays * DAY_SECONDS) as never },
    });
  } catch (error) {
    if (!(isGrpcServiceError(error) && error.code === ALREADY_EXISTS)) throw error;
  }
}
