import { randomUUID } from 'node:crypto';
import { MeetingDriver } from '../../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../../test/support/pipeline';
import { eventually } from '../../test/support/poll';
import { SAMPLE_LINES } from '../../test/support/sample';
import { typed } from '../../test/support/temporal-cli';
import { pipelineId } from '../../workflows/messages';

const version = { deploymentName: 'meetings', buildId: `build-${randomUUID()}` };
let pipeline: TestPipeline;

beforeAll(async () => {
  pipeline = await startTestPipeline({ version });
}, 120_000);
afterAll(() => pipeline.close());

it('versioned workers get work when their version is made the current one', async () => {
  const driver = new MeetingDriver(pipeline);
  const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
  const current = ['--deployment-name', version.deploymentName, '--build-id', version.buildId, '--yes'];
  await eventually(
    () => typed(pipeline.temporal, 'worker', 'deployment', 'set-current-version', ...current),
    { deadlineMs: 60_000, intervalMs: 500 },
  );
  await driver.becomes(meeting, 'ready');
  const { raw } = await driver.client.workflow.getHandle(pipelineId(meeting.id)).describe();
  const { versioningInfo } = raw.workflowExecutionInfo!;
  expect(versioningInfo?.deploymentVersion?.buildId).toBe(version.buildId);
  // AUTO_UPGRADE of the Temporal API.
  expect(versioningInfo?.behavior).toBe(2);
}, 120_000);
