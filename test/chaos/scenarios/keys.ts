/** Rows 28 and 29: one key many times at once; a key for something else, a day later, of another person. */
import { TestIssuer } from '../../support/issuer';
import { send, uploadForm, uploadOnce, type Answer, type NoAnswer } from '../harness/client';
import type { Script } from '../harness/cast';
import type { Lab, Scenario } from '../harness/lab';

const AT_ONCE = 50;

async function allAtOnce(lab: Lab): Promise<void> {
  const { stack, tally } = lab;
  const batch = lab.batch(lab.random.chance(0.5) ? lab.scripts(1) : lab.scripts(0, 1));
  const [script] = batch.scripts as [Script];
  const requests = Array.from({ length: AT_ONCE }, () => uploadOnce(stack.apiUrl, script));
  const answers = await Promise.all(requests);
  const odd = answers.filter(({ status }) => status !== 201 && status !== 409);
  tally.violate(...odd.map((answer) => `one key ${AT_ONCE} times: answered with ${describe(answer)}`));
  await batch.upload();
  const taken = answers.filter((answer): answer is Answer => answer.status === 201);
  const ids = new Set(taken.map(({ body }) => body.meetingId));
  ids.add(batch.taken.get(script.mark)?.meetingId);
  tally.expect(ids.size === 1, `one key, ${ids.size} meetings`);
  tally.fault(AT_ONCE - 1);
  tally.success(batch.taken.size);
}

const describe = (answer: Answer | NoAnswer): string =>
  'error' in answer ? answer.error : `${answer.status} ${answer.body.code ?? ''}`;

export const oneKeyManyTimes: Scenario = {
  row: 28,
  name: 'one key 50 times at once',
  least: { full: { successes: 10, faults: 490 }, short: { successes: 2, faults: 98 } },
  async run(lab) {
    for (let round = 0; round < (lab.short ? 2 : 10); round++) await allAtOnce(lab);
  },
};

/** Another body under the key is refused and leaves nothing; the key is free again after a day. */
async function reuse(lab: Lab): Promise<void> {
  const { stack, tally } = lab;
  const first = lab.batch(lab.scripts(1));
  await first.upload();
  const [{ mark }] = first.scripts as [Script];
  const other = lab.scripts(1);
  const refused = await uploadOnce(stack.apiUrl, other[0]!, mark);
  tally.expect(refused.status === 422, `a key with other content: ${describe(refused)}`);
  const left = await stack.db('meetings').where({ title: other[0]!.mark });
  tally.expect(left.length === 0, 'a refused upload has left a meeting');
  await stack
    .db('idempotency_keys')
    .where({ key: mark })
    .update({ created_at: stack.db.raw(`now() - interval '25 hours'`) });
  const later = lab.batch(other);
  const fresh = await uploadOnce(stack.apiUrl, other[0]!, mark);
  tally.expect(fresh.status === 201, `a key after a day: ${describe(fresh)}`);
  tally.expect(await later.drain(), 'a key after a day: the meeting did not come to rest');
  tally.fault(2);
  tally.success(2);
}

/** The same key of two people: each has a meeting of their own and gets that one back. */
async function twoPeople(lab: Lab): Promise<void> {
  const { stack, tally } = lab;
  const issuer = await TestIssuer.start();
  try {
    const url = await stack.startSignedIn(issuer.env);
    const [script] = lab.scripts(1) as [Script];
    const uploadAs = async (sub: string) =>
      send(`${url}/upload`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${await issuer.token({ sub, email: `${sub}@example.com`, email_verified: true })}`,
          'Idempotency-Key': 'the-same-for-both',
        },
        body: uploadForm(script),
      });
    const answers = [await uploadAs('one'), await uploadAs('two'), await uploadAs('one')];
    const ids = answers.map((answer) => (answer.status === 201 ? answer.body.meetingId : describe(answer)));
    tally.expect(ids[0] !== ids[1] && ids[0] === ids[2], `one key of two people: ${ids.join(', ')}`);
    tally.fault();
    tally.success();
  } finally {
    await stack.signedIn?.stop();
    await issuer.close();
  }
}

export const keyReused: Scenario = {
  row: 29,
  name: 'a key for other content, after a day, of another person',
  least: { full: { successes: 11, faults: 11 }, short: { successes: 3, faults: 3 } },
  async run(lab) {
    for (let round = 0; round < (lab.short ? 1 : 5); round++) await reuse(lab);
    await twoPeople(lab);
  },
};
