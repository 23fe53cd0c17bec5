/** The baseline: eight activities, one after the other, that do nothing. */
import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '30 seconds' });

export async function Bare(): Promise<void> {
  for (let n = 0; n < 8; n++) await nothing();
}
