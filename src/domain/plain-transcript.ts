import type { Segment } from './meeting';

/** What to show for a label; see `Transcript.speakers`. */
export type SpeakerNames = Readonly<Record<string, { name: string }>>;

/** The name that a label of a segment stands for, as far as it is known; else the label. */
export const speakerName = (label: string | null, names: SpeakerNames): string | null =>
  label === null ? null : Object.hasOwn(names, label) ? names[label]!.name : label;

/** The transcript as people copy it: a line per segment, `Anna: words`, or only the words when nobody is named. */
export function plainTranscript(
  segments: readonly Pick<Segment, 'speaker' | 'text'>[],
  names: SpeakerNames = {},
): string {
  return segments
    .map(({ speaker, text }) =>
      [speakerName(speaker, names), text].filter((part) => part !== null).join(': '),
    )
    .join('\n');
}
