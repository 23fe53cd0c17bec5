/** A stretch of time in the recording; the end does not belong to it. */
export interface Stretch {
  startMs: number;
  endMs: number;
}
