import { judgeDecision, judgeQuestion, judgeTask } from '../../../../src/domain/judge';
import type { Participant, Segment } from '../../../../src/domain/meeting';
import type { ExtractionInput, ExtractionOutput } from '../../../../src/ports';
import { GeminiExtractor, type GeminiSettings } from '../../../../src/providers/gemini';
import { API_KEY, type Gemini } from '.';

export type Spoken = [speaker: string | null, words: string];

export const clock = { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Europe/Berlin' };

/** Segments of ten seconds each, with the ids s1, s2, …: line 1 is s1. */
export const said = (lines: readonly Spoken[]): Segment[] =>
  lines.map(([speaker, text], i) => ({
    id: `s${i + 1}`,
    speaker,
    startMs: i * 10_000,
    endMs: i * 10_000 + 9000,
    text,
    confidence: null,
  }));

export const people = (...names: string[]): Participant[] =>
  names.map((name) => ({
    userId: name.toLowerCase(),
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`,
  }));

export const meeting = (
  lines: readonly Spoken[],
  change: Partial<ExtractionInput> = {},
): ExtractionInput => ({
  segments: said(lines),
  participants: people('Anna', 'Ben Ode', 'Carol', 'Dora'),
  clock,
  instructions: null,
  ...change,
});

export const extractorOn = (gemini: Pick<Gemini, 'url'>, change: Partial<GeminiSettings> = {}) =>
  new GeminiExtractor({
    apiKey: API_KEY,
    model: 'gemini-3.5-flash-lite',
    fallbackModel: null,
    baseUrl: gemini.url,
    ...change,
  });

/** What the pipeline makes of an extraction. */
export const judged = (found: ExtractionOutput, input: ExtractionInput) => ({
  tasks: found.tasks.map((task) => judgeTask(task, input)),
  decisions: found.decisions.map((decision) => judgeDecision(decision, input.segments)),
  questions: found.questions.map((question) => judgeQuestion(question, input.segments)),
});
