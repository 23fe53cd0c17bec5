/** A request is not held up by a Temporal that is slow, away or broken, and what it says is never lost. */
import pino from 'pino';
import { testTemporal, type TestTemporal } from '../test/support/temporal';
import { taskSyncId } from '../workflows/messages';
import { tellTaskChanged, tellTemporal } from './tell-temporal';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

/** A logger whose lines can be read. */
function diary() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: pino({ level: 'debug' }, { write }) };
}
const TASK = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

test('who is told knows, and nothing is logged', async () => {
  const { lines, log } = diary();
  expect(await tellTaskChanged({ temporal: temporal.client, log }, TASK)).toBe(true);
  const { status } = await temporal.client.workflow.getHandle(taskSyncId(TASK)).describe();
  expect([status.name, lines]).toEqual(['RUNNING', []]);
});

test('an answer that does not come is not waited for longer than two seconds', async () => {
  const { lines, log } = diary();
  const startedAt = performance.now();
  const never = () => new Promise<void>(() => {});
  expect(await tellTemporal({ temporal: temporal.client, log }, never, { taskId: TASK })).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(3_500);
  expect(lines).toMatchObject([{ level: 40, taskId: TASK }]);
});

test('what can’t be written down of it is logged, and is nobody else’s either', async () => {
  const { lines, log } = diary();
  const note = () => Promise.reject(new Error('Postgres is away'));
  const told = await tellTemporal(
    { temporal: temporal.client, log },
    async () => {},
    { meetingId: 'm' },
    note,
  );
  expect(told).toBe(true);
  expect(lines).toMatchObject([{ level: 40, meetingId: 'm', err: { message: 'Postgres is away' } }]);
});

test('trouble is logged with what it was about, and is nobody else’s', async () => {
  const { lines, log } = diary();
  const broken = () => Promise.reject(new Error('broken'));
  expect(await tellTemporal({ temporal: temporal.client, log }, broken, { meetingId: 'm' })).toBe(false);
  expect(lines).toMatchObject([{ level: 40, meetingId: 'm', err: { message: 'broken' } }]);
});
