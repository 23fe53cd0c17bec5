/** The product on a machine of its own, with a speech service that refuses its key and then is down. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { speechToTextAi } from '../../src/providers/rapidapi/profiles/speech-to-text-ai';
import { projectRoot } from '../../src/project-root';
import { findFfmpeg } from '../../src/tools';
import { resting, upload, people } from '../support/client';
import { Installation } from '../support/npm-start';
import { eventually } from '../support/poll';
import { SAMPLE_LINES } from '../support/sample';
import { inChunks, json, startSpeechService } from '../support/vendors/rapidapi';

const RECORDING = path.join(projectRoot, 'samples/meeting-flite.mp3');
const READY_MEETINGS = 4;
/** By then an attempt waits long enough for a picture. */
const ATTEMPTS = 4;

interface Scene {
  webUiUrl: string;
  /** Meetings. */
  failed: string;
  retrying: string;
}

/** Ends everything that it has started, whatever happens. */
export async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const ffmpeg = await findFfmpeg();
  const { standIn } = await startSpeechService({
    profile: speechToTextAi,
    key: 'good',
    ffmpeg,
    say: inChunks,
  });
  const installation = new Installation();
  try {
    await installation.start({
      SPEECH_PROVIDER: 'rapidapi',
      RAPIDAPI_KEY: 'mistyped',
      RAPIDAPI_BASE_URL: standIn.url,
      DIARIZATION_PROVIDER: 'off',
    });
    const { apiUrl, webUiUrl } = installation.stack();
    if (!webUiUrl) throw new Error('the stack has no Web UI');
    await readyMeetings(apiUrl, installation.dataDir);
    const failed = await upload(apiUrl, RECORDING);
    await resting(apiUrl, failed);
    standIn.choose = () => ({ answer: json(503, { message: 'Service Unavailable' }) });
    const retrying = await upload(apiUrl, RECORDING);
    await waitForAttempts(apiUrl, retrying);
    await use({ webUiUrl, failed, retrying });
  } finally {
    await installation.remove();
    await standIn.close();
  }
}

/** Others among which the failed one must stand out. */
async function readyMeetings(apiUrl: string, directory: string): Promise<void> {
  const file = path.join(directory, 'weekly.txt');
  writeFileSync(file, SAMPLE_LINES.join('\n'));
  for (let n = 0; n < READY_MEETINGS; n++) {
    const participants = people('Anna', 'Ben', 'Carol');
    await resting(apiUrl, await upload(apiUrl, file, { participants, notify: 'manual' }));
  }
}

interface ShownRun {
  steps: { state: string; attempt: number }[];
}

const waitForAttempts = (apiUrl: string, meetingId: string) =>
  eventually(
    async () => {
      const { steps } = (await (await fetch(`${apiUrl}/meeting/${meetingId}/run`)).json()) as ShownRun;
      return steps.some(({ state, attempt }) => state === 'retrying' && attempt > ATTEMPTS);
    },
    { deadlineMs: 120_000, intervalMs: 250 },
  );
