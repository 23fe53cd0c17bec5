import { StandIn, type Answer, type SeenRequest } from '../stand-in';
import { modelOf, violationsOf } from './contract';

export const API_KEY = 'AIzaSyStandIn-0123456789-canary-key';

/** A line of the transcript as the model was shown it. */
export interface ShownLine {
  number: number;
  speaker: string;
  words: string;
}

/** What a model gets to see of one call. */
export interface Shown {
  model: string;
  rules: string;
  /** What the person who asked wishes, or null. */
  wish: string | null;
  lines: ShownLine[];
  /** The complaint of a repair round, or null. */
  complaint: string | null;
}

/** Answers with a value that becomes JSON, with text as it is, or with a whole vendor's envelope. */
export type Mind = (shown: Shown) => unknown;

const LINE = /^\[(\d+)\] (?:\d\d:\d\d:\d\d )?(.*?): (.*)$/;

/** Reads a request as a model would: rules from the system instruction, data between its delimiters. */
export function shownIn(request: SeenRequest): Shown {
  const body = JSON.parse(request.body.toString());
  const rules: string = body.systemInstruction.parts[0].text;
  const token = /<transcript-([0-9a-f]+)>/.exec(rules)![1]!;
  const between = (name: string) => {
    const [, after] = (body.contents[0].parts[0].text as string).split(`<${name}-${token}>\n`);
    return after?.split(`\n</${name}-${token}>`)[0] ?? null;
  };
  const lines = (between('transcript') ?? '').split('\n').map((line) => {
    const [, number, speaker, words] = LINE.exec(line) ?? [];
    return { number: Number(number), speaker: speaker!, words: words! };
  });
  const complaint: string | null = body.contents[2]?.parts[0].text ?? null;
  return { model: modelOf(request), rules, wish: between('wish'), lines, complaint };
}

export class RawEnvelope {
  constructor(readonly envelope: unknown) {}
}

/** An envelope as the API sends it. */
export const envelope = (text: string, finishReason: string | undefined = 'STOP', model = 'gemini') => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason, index: 0 }],
  usageMetadata: {
    promptTokenCount: 1000,
    candidatesTokenCount: 100,
    thoughtsTokenCount: 20,
    totalTokenCount: 1120,
  },
  modelVersion: model,
  responseId: 'r-1',
});

/** The model stopped for this reason before it was done. */
export const stopped = (finishReason: string, text = '') =>
  new RawEnvelope({
    ...envelope(text, finishReason),
    ...(text === '' && { candidates: [{ finishReason, index: 0 }] }),
  });

export interface Gemini {
  standIn: StandIn;
  url: string;
  /** From now on the model thinks so. */
  think(mind: Mind): void;
  shown(): Shown[];
}

const nothing: Mind = () => ({ actionItems: [], decisions: [], questions: [] });

/** Starts a Gemini on loopback whose model is whatever a test makes of it. */
export async function startGemini(): Promise<Gemini> {
  let mind = nothing;
  const answer = (request: SeenRequest): Answer => {
    const thought = mind(shownIn(request));
    const whole =
      thought instanceof RawEnvelope
        ? thought.envelope
        : envelope(typeof thought === 'string' ? thought : JSON.stringify(thought));
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(whole) };
  };
  const standIn = await new StandIn({ check: (request) => violationsOf(request, API_KEY), answer }).listen();
  return {
    standIn,
    url: standIn.url,
    think: (next) => void (mind = next),
    shown: () => standIn.ledger.map(shownIn),
  };
}

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

/** An error with the body that the API sends. */
export const errorAnswer = (
  status: number,
  name: string,
  message: string,
  details: object[] = [],
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify({
    error: { code: status, message, status: name, ...(details.length > 0 && { details }) },
  }),
});

/** 429 as the API sends it; `retryDelay` like "17s". */
export const quotaAnswer = (quotaId: string, retryDelay?: string): Answer =>
  errorAnswer(
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.',
    [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [
          {
            quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
            quotaId,
            quotaDimensions: { location: 'global', model: 'gemini-3.5-flash-lite' },
            quotaValue: '250',
          },
        ],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/' }],
      },
      ...(retryDelay ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] : []),
    ],
  );
