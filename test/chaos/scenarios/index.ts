/** The rows of the fault matrix, in the order in which they are run. */
import type { Scenario } from '../harness/lab';
import { apiKilledAfterCommit, apiKilledAfterStart } from './api-killed';
import { uploadCut } from './upload-cut';
import { workerKilled } from './worker-killed';

export const SCENARIOS: Scenario[] = [workerKilled, uploadCut, apiKilledAfterCommit, apiKilledAfterStart];
