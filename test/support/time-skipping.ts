import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTestServer } from '../../src/tools/find';
import type { TestTemporal } from './temporal';

/** The server must answer within 5 s of its start; a machine that is busy then is asked again. */
const STARTS = 4;

export interface SkippingTemporal extends TestTemporal {
  /** What the workflows take for the time. */
  nowMs(): Promise<number>;
  /** Goes on to that moment; timers fire on the way, and no time passes while an activity runs. */
  skipTo(atMs: number): Promise<void>;
}

/** A Temporal server of this test's own whose clock can be turned forward. Install the Runtime before. */
export async function skippingTemporal(): Promise<SkippingTemporal> {
  const path = await findTestServer({
    named: process.env.TEMPORAL_TEST_SERVER_PATH ?? null,
    log: console.log,
  });
  const server = await start(path);
  const { address, connection, client } = server;
  const namespace = server.namespace ?? 'default';
  return {
    address,
    namespace,
    connection,
    client,
    config: { address, env: {}, uiUrl: null, uiPort: 8233, cliPath: null },
    nowMs: () => server.currentTimeMs(),
    async skipTo(atMs) {
      const ms = atMs - (await server.currentTimeMs());
      if (ms > 0) await server.sleep(ms);
    },
    close: () => server.teardown(),
  };
}

async function start(path: string): Promise<TestWorkflowEnvironment> {
  for (let left = STARTS - 1; ; left--) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
      });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
