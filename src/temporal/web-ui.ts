/** Addresses of pages in the Temporal Web UI. */
import { pipelineId } from '../../workflows/messages';

export interface WebUi {
  /** null = nobody has said where it is. */
  uiUrl: string | null;
  namespace: string;
}

/** Of a run: what is the matter and what to do; what is being tried again and when. */
export type RunPage = 'user-metadata' | 'pending-activities';

/** The meeting's newest run, or a page of a certain one; null when nobody has said where the Web UI is. */
export function runUrl(
  { uiUrl, namespace }: WebUi,
  meetingId: string,
  at?: { runId: string; page: RunPage },
): string | null {
  if (uiUrl === null) return null;
  const origin = uiUrl.replace(/\/$/, '');
  const newest = `${origin}/namespaces/${encodeURIComponent(namespace)}/workflows/${pipelineId(meetingId)}`;
  return at ? `${newest}/${at.runId}/${at.page}` : newest;
}
