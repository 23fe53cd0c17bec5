import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Work } from '../activities/plan-work';
import type { MeetingStatus, Step } from '../src/domain/meeting';
import { applyExtraction, assemble, diarize, extract, handOver, probe, transcribe } from './activities';
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
 * its result, so a step that fails for good leaves everything before it usable. Throws StepFailed, or the
 * cancellation.
 */
export async function perform(work: Work, board: Board): Promise<void> {
  board.begin(work.requestId, work.kind === 'extract' ? ['probe', 'transcribe'] : []);
  const step = (name: Step, status: MeetingStatus, run: () => Promise<void>) =>
    runStep(board, name, status, run);
  if (work.kind === 'transcribe') {
    await step('probe', 'probing', () => probe(work));
    await step('transcribe', 'transcribing', () => hear(work, board));
  }
  await step('extract', 'extracting', async () => {
    await extract(work);
    await applyExtraction(work);
  });
  await step('notify', 'notifying', () => handOver(work));
}

async function runStep(
  board: Board,
  name: Step,
  status: MeetingStatus,
  run: () => Promise<void>,
): Promise<void> {
  board.enter(name, status);
  try {
    await run();
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw new StepFailed(describeFailure(name, error));
  }
  board.leave(name);
}

/** Words and voices side by side; a transcript without speakers is better than none. */
async function hear(work: Work, board: Board): Promise<void> {
  const voices = new CancellationScope();
  const heardVoices = voices.run(() => diarize(work)).catch((error: unknown) => noteUnheard(board, error));
  try {
    await transcribe(work);
  } catch (error) {
    voices.cancel();
    throw error;
  }
  await heardVoices;
  await assemble(work);
}

function noteUnheard(board: Board, error: unknown): void {
  if (isCancellation(error)) return;
  const { code, message } = describeFailure('transcribe', error);
  board.note(`speakers were not told apart (${code}): ${message}`);
}
