import { isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import {
  awaitCalls,
  clearCalendars,
  deleteHistories,
  finishErasure,
  forgetMails,
  removeRecording,
  removeRows,
  stopRuns,
} from './activities';

/**
 * Removes a deleted meeting: first what works for it, then in one transaction all that Postgres has of it, then what is
 * outside. The id is in the workflow id, and what is left to do is in Postgres: the run can be started again at any
 * time. What can't be reached for days is left and stands in the receipt.
 */
export async function Erasure(): Promise<void> {
  const meetingId = workflowInfo().workflowId.slice('erasure-'.length);
  setCurrentDetails('Stopping what works for the meeting, then removing its rows.');
  await stopRuns(meetingId);
  await removeRows(meetingId);
  setCurrentDetails(
    'Postgres holds nothing of the meeting any more. Removing recording, calendar entries, the mailer’s copies.',
  );
  await Promise.all([removeRecording(meetingId), removeFromTheWorld(meetingId)]);
  setCurrentDetails('Deleting the histories of its runs.');
  await orLeave(deleteHistories(meetingId));
  await finishErasure(meetingId);
  setCurrentDetails('Done. `GET /erasures/:id` says what was removed and what remains.');
}

async function removeFromTheWorld(meetingId: string): Promise<void> {
  await awaitCalls(meetingId);
  await Promise.all([forgetMails(meetingId), orLeave(clearCalendars(meetingId))]);
}

/** What others keep for us and do not give back in days holds up nothing. */
async function orLeave(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
