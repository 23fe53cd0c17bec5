import path from 'node:path';
import { decodeToWav } from '../src/media/ffmpeg';
import { Meeting } from '../src/models/meeting';
import { Transcript } from '../src/models/transcript';
import type { ActivityDeps } from './deps';
import { draftOf } from './draft';
import { withHeartbeat } from './heartbeat';
import { fetchMedia, withScratch } from './media-file';
import { lockForWork, meetingGone } from './meeting-state';
import type { Work } from './plan-work';

/** Hears who speaks when, beside the transcription; saved with the draft. Nothing to do when diarization is off. */
export async function diarize(deps: ActivityDeps, work: Work): Promise<void> {
  const {
    ffmpeg,
    providers: { diarizer },
  } = deps;
  if (!diarizer || !ffmpeg) return;
  const draft = await draftOf(deps.db, work);
  if (draft.voices) return;
  const meeting = await Meeting.query(deps.db).findById(work.meetingId).whereNull('deleted_at');
  if (!meeting) throw meetingGone();
  const progress = { phase: 'telling voices apart', doneMs: 0, totalMs: meeting.durationMs ?? 0 };
  await withHeartbeat(progress, (where, signal) =>
    withScratch(deps, async (dir) => {
      const media = await fetchMedia(deps, meeting, dir, signal);
      const wav = path.join(dir, 'whole.wav');
      await decodeToWav(media, wav, { ffmpeg, maxSeconds: deps.maxMediaSeconds, signal });
      const onProgress = (doneMs: number) => (where.doneMs = doneMs);
      const voices = await diarizer.diarize(wav, { signal, onProgress });
      await Meeting.transaction(deps.db, async (trx) => {
        await lockForWork(trx, work);
        await Transcript.query(trx).findById(draft.id).patch({ voices });
      });
    }),
  );
}
