import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findProgram, type Program } from './program';
import type { ToolSearch } from './search';

const ffmpeg: Program = {
  command: 'ffmpeg',
  variable: 'FFMPEG_PATH',
  code: 'ffmpeg-missing',
  pack: { name: 'ffmpeg', what: 'ffmpeg (30 MB)', perPython: false },
  async locate(dir) {
    const binaries = path.join(dir, 'imageio_ffmpeg/binaries');
    const file = (await readdir(binaries)).find((name) => name.startsWith('ffmpeg-'));
    return path.join(binaries, file ?? 'ffmpeg');
  },
};

const temporal: Program = {
  command: 'temporal',
  variable: 'TEMPORAL_CLI_PATH',
  code: 'temporal-missing',
  pack: { name: 'temporal', what: 'Temporal server (44 MB)', perPython: false },
  locate: async (dir) => path.join(dir, 'bin/temporal'),
};

const testServer: Program = {
  command: 'temporal-test-server',
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  code: 'test-server-missing',
  pack: { name: 'test-server', what: 'time-skipping Temporal test server (20 MB)', perPython: false },
  locate: async (dir) => path.join(dir, 'bin/temporal-test-server'),
};

/** `FFMPEG_PATH`, PATH, cache, or fetched. Throws ProviderError `ffmpeg-missing`. */
export const findFfmpeg = (search: ToolSearch = {}) => findProgram(ffmpeg, search);

/** `TEMPORAL_CLI_PATH`, PATH, cache, or fetched. Throws ProviderError `temporal-missing`. */
export const findTemporalCli = (search: ToolSearch = {}) => findProgram(temporal, search);

/** For tests: `TEMPORAL_TEST_SERVER_PATH`, PATH, cache, or fetched. Throws ProviderError `test-server-missing`. */
export const findTestServer = (search: ToolSearch = {}) => findProgram(testServer, search);
