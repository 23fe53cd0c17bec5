/** The rows of the fault matrix, in the order in which they are run. */
import type { Scenario } from '../harness/lab';
import { apiKilledAfterCommit, apiKilledAfterStart } from './api-killed';
import { commitLost, postgresKilled, sessionsTerminated } from './postgres-away';
import { erased } from './erased';
import { keyReused, oneKeyManyTimes } from './keys';
import { poisoned } from './poison';
import { replayed } from './replay';
import { signalsAnyhow } from './signals';
import { temporalKilled, temporalSilent } from './temporal-away';
import { uploadCut } from './upload-cut';
import { workerKilled } from './worker-killed';
import { workerStopped } from './worker-stopped';
import { zombie } from './zombie';

export const SCENARIOS: Scenario[] = [
  workerKilled,
  zombie,
  workerStopped,
  uploadCut,
  apiKilledAfterCommit,
  apiKilledAfterStart,
  temporalKilled,
  temporalSilent,
  postgresKilled,
  sessionsTerminated,
  commitLost,
  oneKeyManyTimes,
  keyReused,
  signalsAnyhow,
  poisoned,
  erased,
  replayed,
];
