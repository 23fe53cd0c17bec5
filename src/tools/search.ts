import path from 'node:path';
import { projectRoot } from '../project-root';

/** Where to look for a tool, and whether it may be fetched from the package registry when it is nowhere. */
export interface ToolSearch {
  /** What the operator's variable (`FFMPEG_PATH`, …) says; wins over everything. */
  named?: string | null | undefined;
  /** Fetched tools are kept here; `.cache` in the project by default. */
  cacheDir?: string;
  /** false: look only, never fetch. The worker looks; `npm start` and the tests fetch. */
  fetch?: boolean;
  /** Told one line when a fetch starts and when it ends. */
  log?: (line: string) => void;
}

export const defaultCacheDir = path.join(projectRoot, '.cache');
