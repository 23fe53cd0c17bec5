/** Meetings of three lengths: real ones, which may not be copied into the project, or made-up ones where those are absent. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { transcriptOf } from './meetings';

const FOLDER = path.join(projectRoot, '../shared/data/meetings');
const REAL = [
  { file: 'ami-IS1008a.vtt', words: 2_504 },
  { file: 'ami-IB4003.vtt', words: 6_614 },
  { file: 'qmsum-covid_1.vtt', words: 23_674 },
];

export interface Transcript {
  /** With the extension that says how to read it. */
  file: string;
  words: number;
  text: string;
}

/** In ascending order of length. */
export function transcripts(): { are: 'real' | 'made up'; list: Transcript[] } {
  if (existsSync(FOLDER)) {
    const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');
    return { are: 'real', list: REAL.map((each) => ({ ...each, text: read(each.file) })) };
  }
  console.warn('there is no ../shared/data beside the project: meetings are made up');
  const made = REAL.map(({ words }) => ({ file: 'meeting.txt', words, text: transcriptOf(words) }));
  return { are: 'made up', list: made };
}
