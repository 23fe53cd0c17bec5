import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { Logger } from '../src/log';
import type { Providers } from '../src/ports';
import type { JanitorLimits } from './janitor';

/** What the activities work with. */
export interface ActivityDeps {
  db: Knex;
  providers: Providers;
  temporal: Client;
  log: Logger;
  /** Path of the ffmpeg program, or null when there is none. */
  ffmpeg: string | null;
  /** Where an attempt may keep files while it runs; each removes its own. */
  scratchDir: string;
  maxMediaSeconds: number;
  /** How long a run stays open for more requests after its last work. */
  reextractionWindowMs: number;
  /** US dollars; null or absent = no limit. */
  maxCostPerMeeting?: number | null;
  /** Shorter ones, for tests. */
  janitor?: Partial<JanitorLimits>;
}
