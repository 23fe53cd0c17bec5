import { randomUUID } from 'node:crypto';
import { testTemporal, type TestTemporal } from '../../test/support/temporal';
import { eventually } from '../../test/support/poll';
import { pipelineId, taskSyncId } from '../../workflows/messages';
import { signalPipeline, signalTaskChanged, startPipeline, type MeetingFacts } from './runs';

/** No worker: runs stay as they were started, and a test ends them when it wants them closed. */
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const newMeeting = (facts: Partial<MeetingFacts> = {}): MeetingFacts => ({
  id: randomUUID(),
  ownerId: randomUUID(),
  mediaType: null,
  mediaBytes: null,
  status: 'queued',
  failure: null,
  ...facts,
});
const runOf = (meeting: MeetingFacts) => temporal.client.workflow.getHandle(pipelineId(meeting.id));
const describeRun = (meeting: MeetingFacts) => runOf(meeting).describe();

async function runsOf(workflowId: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowId = "${workflowId}"`;
  for await (const { runId } of temporal.client.workflow.list({ query })) ids.push(runId);
  return ids;
}

async function signalsIn(workflowId: string): Promise<unknown[]> {
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    if (!signal) return [];
    const payloads = signal.input?.payloads ?? [];
    return [[signal.signalName, ...payloads.map(({ data }) => JSON.parse(Buffer.from(data!).toString()))]];
  });
}

describe('starting', () => {
  it('makes a run that operators find by whose meeting it is and where it stands', async () => {
    const meeting = newMeeting();
    await startPipeline(temporal.client, meeting);
    const { status, type, taskQueue, searchAttributes } = await describeRun(meeting);
    expect([status.name, type, taskQueue]).toEqual(['RUNNING', 'MeetingPipeline', 'meetings']);
    expect(searchAttributes).toMatchObject({
      MeetingId: [meeting.id],
      MeetingOwner: [meeting.ownerId],
      MeetingStage: ['queued'],
    });
    const found = `MeetingOwner = "${meeting.ownerId}" and MeetingStage = "queued"`;
    await eventually(async () => {
      const { count } = await temporal.client.workflow.count(found);
      expect(count).toBe(1);
    });
  });

  it.each<[string, Partial<MeetingFacts>]>([
    ['audio/mpeg, 3 KiB', { mediaType: 'audio/mpeg', mediaBytes: '2049' }],
    ['ready transcript', {}],
  ])('says what it is about: %s', async (summary, facts) => {
    const meeting = newMeeting(facts);
    await startPipeline(temporal.client, meeting);
    expect(await (await describeRun(meeting)).staticSummary()).toBe(summary);
  });

  it.each([
    [undefined, []],
    [{ requestId: 'r1', kind: 'extract' } as const, [{ first: { requestId: 'r1', kind: 'extract' } }]],
  ])('passes no more into the run than what to do first: %j', async (first, passed) => {
    const meeting = newMeeting();
    await startPipeline(temporal.client, meeting, first);
    const [started] = (await runOf(meeting).fetchHistory()).events ?? [];
    const payloads = started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(payloads.map(({ data }) => JSON.parse(Buffer.from(data!).toString()) as unknown)).toEqual(passed);
  });

  it('twice, also at once, leaves the first run', async () => {
    const meeting = newMeeting();
    await startPipeline(temporal.client, meeting);
    const { runId } = await describeRun(meeting);
    await Promise.all(Array.from({ length: 5 }, () => startPipeline(temporal.client, meeting)));
    expect((await describeRun(meeting)).runId).toBe(runId);
  });

  it('does not begin again what is closed: a late start is an old one', async () => {
    const meeting = newMeeting();
    await startPipeline(temporal.client, meeting);
    await runOf(meeting).terminate();
    await startPipeline(temporal.client, meeting);
    expect((await describeRun(meeting)).status.name).toBe('TERMINATED');
    await eventually(async () => expect(await runsOf(pipelineId(meeting.id))).toHaveLength(1));
  });
});

describe('a request', () => {
  it.each([
    ['transcribe', 'retranscribe'],
    ['extract', 'reextract'],
    ['cancel', 'cancel'],
  ] as const)('to %s is signalled to the open run, by its id alone', async (kind, signal) => {
    const meeting = newMeeting();
    await startPipeline(temporal.client, meeting);
    const { runId } = await describeRun(meeting);
    await signalPipeline(temporal.client, meeting, { kind, requestId: 'r1' });
    expect((await describeRun(meeting)).runId).toBe(runId);
    expect(await signalsIn(pipelineId(meeting.id))).toEqual([[signal, { requestId: 'r1' }]]);
  });

  it('starts a run when there is none, and when the last one is closed, with all that operators search by', async () => {
    const meeting = newMeeting();
    await signalPipeline(temporal.client, meeting, { kind: 'extract', requestId: 'r1' });
    const first = await describeRun(meeting);
    await runOf(meeting).terminate();
    await signalPipeline(temporal.client, meeting, { kind: 'extract', requestId: 'r2' });
    const second = await describeRun(meeting);
    expect(second.runId).not.toBe(first.runId);
    expect(second.status.name).toBe('RUNNING');
    expect(second.searchAttributes).toEqual(first.searchAttributes);
    expect(await signalsIn(pipelineId(meeting.id))).toEqual([['reextract', { requestId: 'r2' }]]);
  });

  it('many at once meet one run', async () => {
    const meeting = newMeeting();
    const ids = Array.from({ length: 10 }, (_, n) => `r${n}`);
    const signalled = ids.map((requestId) =>
      signalPipeline(temporal.client, meeting, { kind: 'extract', requestId }),
    );
    await Promise.all(signalled);
    expect(await signalsIn(pipelineId(meeting.id))).toHaveLength(10);
  });
});

describe('a changed task', () => {
  it('has one run of its own, which is told of every change', async () => {
    const taskId = randomUUID();
    for (let time = 0; time < 3; time++) await signalTaskChanged(temporal.client, taskId);
    expect(await signalsIn(taskSyncId(taskId))).toEqual([['changed'], ['changed'], ['changed']]);
    const { type, taskQueue } = await temporal.client.workflow.getHandle(taskSyncId(taskId)).describe();
    expect([type, taskQueue]).toEqual(['TaskSync', 'notify']);
  });

  it('has a new one when the last is over', async () => {
    const taskId = randomUUID();
    await signalTaskChanged(temporal.client, taskId);
    const handle = temporal.client.workflow.getHandle(taskSyncId(taskId));
    await handle.terminate();
    await signalTaskChanged(temporal.client, taskId);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });
});
