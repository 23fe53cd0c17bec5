import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Plan, Work } from '../activities/plan-work';
import type { Sound } from '../activities/probe';
import type { MeetingStatus, Step } from '../src/domain/meeting';
import { assemble, diarize, extract, handOver, probe, transcribe } from './activities';
import type { Board } from './board';
import { describeFailure, type StepFailure } from './step-failure';

/** Carries a step's failure up to the loop. */
export class StepFailed extends Error {
  constructor(readonly failure: StepFailure) {
    super(failure.message);
  }
}

/**
 * Does one request: hears the recording when that is asked, then extracts, then hands the tasks over. Each step saves
 * its result, so a step that fails for good leaves everything before it usable. Returns what is open then. Throws
 * StepFailed, or the cancellation.
 */
export async function perform(work: Work, board: Board): Promise<Plan> {
  board.begin(work);
  const step = <T>(name: Step, status: MeetingStatus, run: () => Promise<T>) => {
    board.enter(name, status);
    return runStep(board, name, run);
  };
  if (work.kind === 'transcribe') {
    const sound = await step('probe', 'probing', () => probe(work));
    await step('transcribe', 'transcribing', () => hear(work, sound, board));
  }
  const open = await step('extract', 'extracting', () => extract(work));
  if (!open) return step('notify', 'notifying', () => handOver(work));
  board.leave('notify');
  return open;
}

async function runStep<T>(board: Board, name: Step, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    board.leave(name);
    return result;
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw new StepFailed(describeFailure(name, error));
  }
}

/** Words and voices side by side; a transcript without speakers is better than none. */
async function hear(work: Work, sound: Sound | null, board: Board): Promise<void> {
  const voices = new CancellationScope();
  const heardVoices = voices.run(() => diarize(work)).catch((error: unknown) => noteUnheard(board, error));
  try {
    await transcribe.executeWithOptions({ summary: `speech to text${lengthOf(sound)}` }, [work]);
  } catch (error) {
    voices.cancel();
    throw error;
  }
  await heardVoices;
  await assemble(work);
}

/** For whoever waits; nothing when there was no ffmpeg to measure with. */
function lengthOf(sound: Sound | null): string {
  if (!sound) return '';
  const seconds = Math.round(sound.durationMs / 1000);
  return `: ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}, pieces: ${sound.pieces}`;
}

function noteUnheard(board: Board, error: unknown): void {
  if (isCancellation(error)) return;
  const { code, message } = describeFailure('transcribe', error);
  board.note(`speakers were not told apart (${code}): ${message}`);
}
