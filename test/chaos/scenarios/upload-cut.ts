/** Row 4: the api is killed while bodies arrive, at random bytes; also between the last byte and the rows. */
import { request } from 'node:http';
import type { Lab, Scenario } from '../harness/lab';
import { settledStore } from '../harness/store';
import { LEASE_MS } from '../harness/test-build';
import { uploadForm } from '../harness/client';
import type { Script } from '../harness/cast';

const UPLOADS = 10;
const CHUNK = 4_096;
/** After the lease has expired the sweep has a minute. */
const SWEEP_DEADLINE_MS = LEASE_MS + 60_000;

/** Sends a body in small pieces, counting; ends when the server goes away or answers. */
class SlowUpload {
  sent = 0;
  done = false;

  async run(apiUrl: string, script: Script, onByte: () => Promise<void>): Promise<void> {
    const whole = new Response(uploadForm(script));
    const body = Buffer.from(await whole.arrayBuffer());
    const headers = {
      'Content-Type': whole.headers.get('Content-Type') as string,
      'Content-Length': body.length,
      'Idempotency-Key': script.mark,
    };
    const outgoing = request(`${apiUrl}/upload`, { method: 'POST', headers, agent: false });
    const ended = new Promise<void>((resolve) => {
      outgoing.on('error', () => resolve());
      outgoing.on('close', () => resolve());
      outgoing.on('response', (answer) => answer.resume());
    });
    void ended.then(() => (this.done = true));
    while (this.sent < body.length && !this.done) {
      outgoing.write(body.subarray(this.sent, (this.sent += CHUNK)));
      await onByte();
    }
    outgoing.end();
    await ended;
  }
}

async function cutOnce(lab: Lab): Promise<void> {
  const { stack, tally, random } = lab;
  const batch = lab.batch(lab.scripts(0, UPLOADS));
  const uploads = batch.scripts.map(() => new SlowUpload());
  const total = batch.scripts.reduce((bytes, { body }) => bytes + body.length, 0);
  const killAt = random.between(1, total - UPLOADS * CHUNK);
  const kills: Promise<void>[] = [];
  const onByte = async () => {
    const sent = uploads.reduce((bytes, upload) => bytes + upload.sent, 0);
    if (sent >= killAt && kills.length === 0) kills.push(stack.api.kill());
    await new Promise((resolve) => setImmediate(resolve));
  };
  await Promise.all(uploads.map((upload, i) => upload.run(stack.apiUrl, batch.scripts[i] as Script, onByte)));
  await Promise.all(kills);
  tally.kill(UPLOADS);
  await stack.api.isBack();
  await batch.upload();
  tally.success(batch.taken.size);
}

export const uploadCut: Scenario = {
  row: 4,
  name: 'api kill -9 while bodies arrive',
  least: { full: { successes: 95, faults: 100 }, short: { successes: 20, faults: 20 } },
  async run(lab) {
    for (let round = 0; round < (lab.short ? 2 : 10); round++) await cutOnce(lab);
    lab.tally.violate(...(await settledStore(lab.stack, SWEEP_DEADLINE_MS)));
  },
};
