/** Api and workers on one database, one Temporal and one data directory, as in production. */
import { startTestApi, CALLER_HEADER, type TestApi } from './api';
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import { MeetingDriver } from './meeting-driver';
import { startTestPipeline, type PipelineChange, type TestPipeline } from './pipeline';

export interface Whole {
  api: TestApi;
  pipeline: TestPipeline;
  driver: MeetingDriver;
  close(): Promise<void>;
}

export async function startWhole(change: PipelineChange = {}): Promise<Whole> {
  const pipeline = await startTestPipeline(change);
  const { knex } = pipeline.database;
  const api = await startTestApi({
    db: knex,
    temporal: pipeline.temporal.client,
    mediaStore: pipeline.providers.mediaStore,
    identify: (ctx) =>
      User.query(knex)
        .findById(ctx.get(CALLER_HEADER) || LOCAL_USER.id)
        .throwIfNotFound()
        .execute(),
    ...(change.log && { log: change.log }),
  });
  return {
    api,
    pipeline,
    driver: new MeetingDriver(pipeline),
    async close() {
      await api.close();
      await pipeline.close();
    },
  };
}
