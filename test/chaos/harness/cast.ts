/** Meetings that are told apart by a mark in their title, their words, their mails: who did what twice is seen. */
import { sentence, speak } from '../../support/vendors/rapidapi/beeps';
import { wavOf } from '../../support/wav';

export type Kind = 'transcript' | 'recording';

export interface Script {
  kind: Kind;
  /** Nobody else's word; also the title and the idempotency key. */
  mark: string;
  fileName: string;
  contentType: string;
  body: Buffer;
  participants: { name: string; email: string }[];
  /** Names of the tasks that must come of it, each with a mail and a calendar entry. */
  tasks: { name: string; owner: string }[];
}

const NAMES = [
  'Anna',
  'Ben',
  'Carol',
  'Dora',
  'Emil',
  'Frida',
  'Gustav',
  'Hanna',
  'Ida',
  'Jonas',
  'Karla',
  'Leo',
];

const emailOf = (name: string): string => `${name.toLowerCase()}@example.com`;
export const EVERYBODY = NAMES.map(emailOf);

export const markOfRecording = (number: number): string => `r${number}z`;

/** Three of the cast talk about `k<number>z`; two of them promise something with a date. */
export function transcriptOf(number: number): Script {
  const mark = `k${number}z`;
  const at = (offset: number) => NAMES[(number + offset) % NAMES.length] as string;
  const [chair, first, second] = [at(0), at(1), at(2)];
  const lines = [
    `${chair}: Welcome everybody, today we talk about ${mark}.`,
    `${first}: I will write the report for ${mark} by Friday.`,
    `${second}: I will call the customer of ${mark} by next Wednesday.`,
    `${chair}: We have decided to ship ${mark} in November.`,
  ];
  return {
    kind: 'transcript',
    mark,
    fileName: `${mark}.txt`,
    contentType: 'text/plain',
    body: Buffer.from(`${lines.join('\n')}\n`),
    participants: [chair, first, second].map((name) => ({ name, email: emailOf(name) })),
    tasks: [
      { name: `Write the report for ${mark}`, owner: emailOf(first) },
      { name: `Call the customer of ${mark}`, owner: emailOf(second) },
    ],
  };
}

/** Four seconds of beeps that say their number; nobody promises anything. */
export function recordingOf(number: number): Script {
  const mark = markOfRecording(number);
  return {
    kind: 'recording',
    mark,
    fileName: `${mark}.wav`,
    contentType: 'audio/wav',
    body: wavOf(speak([sentence(number)])),
    participants: [],
    tasks: [],
  };
}
