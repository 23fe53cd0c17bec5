import { ProviderError } from '../../provider-error';
import { resultOf } from './job';
import type { PollProfile } from './profile';

const never = new AbortController().signal;
const poll: PollProfile = {
  jobId: ['/task_id'],
  statusPath: '/queue/{jobId}/status',
  status: ['/status'],
  done: ['completed'],
  failed: ['error'],
  resultPath: '/queue/{jobId}/result',
  intervalMs: 1,
  maxMs: 200,
};

function service(...answers: unknown[]) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof ProviderError) throw answer;
    return answer;
  };
  return { asked, get };
}

it('asks until the job is done, through failures of asking, then fetches the result', async () => {
  const away = new ProviderError('speech-unavailable', 'x', { retryable: true });
  const { asked, get } = service({ status: 'queued' }, away, { status: 'Completed' }, { text: 'hello' });
  expect(await resultOf({ task_id: 'a/b' }, poll, get, never)).toEqual({ text: 'hello' });
  expect(asked).toEqual([...Array(3).fill('/queue/a%2Fb/status'), '/queue/a%2Fb/result']);
});

it('takes an answer that came at once', async () => {
  const { asked, get } = service();
  expect(await resultOf({ text: 'hello' }, poll, get, never)).toEqual({ text: 'hello' });
  expect(asked).toEqual([]);
});

it.each([
  ['says that it failed', [{ status: 'error' }], 'speech-service-failed'],
  ['never ends', [{ status: 'queued' }], 'speech-piece-too-long'],
  ['is refused', [new ProviderError('speech-key-refused', 'x', { retryable: false })], 'speech-key-refused'],
])('gives up when the job %s', async (_what, answers, code) => {
  await expect(resultOf({ task_id: 7 }, poll, service(...answers).get, never)).rejects.toMatchObject({
    code,
  });
});
