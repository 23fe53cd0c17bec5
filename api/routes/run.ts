import { viewSteps } from '../../src/domain/run-steps';
import { type Meeting } from '../../src/models/meeting';
import { knownRun, type KnownRun } from '../../src/temporal/known-run';
import { runUrl } from '../../src/temporal/web-ui';
import { pipelineId } from '../../workflows/messages';
import { visibleMeetings } from '../access';
import { askTemporal } from '../ask-temporal';
import { notFound } from '../errors';
import { presentSteps, runShape } from '../present/run';
import { route, type Call, type Deps, type Reply } from '../route';
import { idParam } from '../schemas';

async function run({ deps, caller, params }: Call<{ meetingId: string }, object, never>): Promise<Reply> {
  const { meetingId } = params;
  const visible = await visibleMeetings(deps.db, caller).findById(meetingId).select('meetings.id');
  const known = visible && (await ask(deps, meetingId));
  // Read after Temporal has answered: a step that ended in between is shown as it ended.
  const meeting = visible && (await visibleMeetings(deps.db, caller).findById(meetingId));
  if (!meeting) throw notFound('meeting');
  const views = viewSteps({ ...meeting, hasMedia: meeting.mediaKey !== null });
  const steps = presentSteps(views, known || null);
  const body = {
    workflowId: pipelineId(meetingId),
    runId: known ? known.runId : null,
    status: known ? known.status : statusWithout(known, meeting),
    webUiUrl: urlOf(deps, meetingId, known, steps),
    steps,
  };
  return { status: 200, body };
}

/** null = Temporal knows of none; undefined = it is away. */
async function ask({ temporal, log }: Deps, meetingId: string): Promise<KnownRun | null | undefined> {
  try {
    return await askTemporal(temporal, () => knownRun(temporal, meetingId));
  } catch (error) {
    log.warn({ err: error, meetingId }, 'Temporal did not say how the run is; told from Postgres');
    return undefined;
  }
}

/** Away, or closed so long ago that Temporal has forgotten it; or not started yet. */
const statusWithout = (known: null | undefined, { runStartedAt }: Meeting) =>
  known === null && runStartedAt === null ? 'not_started' : 'unknown';

/** The page that answers what one asks of such a run. */
function urlOf(
  { config, temporal }: Deps,
  meetingId: string,
  known: KnownRun | null | undefined,
  steps: { state: string }[],
): string | null {
  const at = { uiUrl: config.temporal.uiUrl, namespace: temporal.options.namespace };
  if (!known) return runUrl(at, meetingId);
  const retries = steps.some(({ state }) => state === 'retrying');
  return runUrl(at, meetingId, {
    runId: known.runId,
    page: retries ? 'pending-activities' : 'user-metadata',
  });
}

export const runRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/run',
    operationId: 'getRun',
    tag: 'pipeline',
    summary: 'The run behind a meeting: every step, its attempts, why it failed and when it is tried again',
    description:
      '`status` is that of Temporal, `not_started` before there is a run, `unknown` while Temporal is away or after ' +
      'it has forgotten the run. `attempt` 0 = not begun, or (done, without times) not needed.',
    params: idParam('meetingId'),
    responses: { 200: { description: 'The run', schema: runShape } },
    handler: run,
  }),
];
