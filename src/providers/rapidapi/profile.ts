/** What differs between the speech services behind RapidAPI, as data. Every list of pointers is tried in order. */
import Joi from 'joi';

/** RFC 6901, from the root of the answer, or of one segment. */
type Pointers = string[];

export interface SubmitProfile {
  method: 'POST' | 'GET';
  path: string;
  body: 'multipart';
  source: 'bytes';
  /** Name of the field that carries the sound. */
  sourceField: string;
  languageField?: string;
  /** BCP 47 language -> what the service calls it. */
  languageMap?: Record<string, string>;
  /** Sent when no language was asked for; null or absent = the field is left out. */
  autoLanguage?: string | null;
  constants?: Record<string, string>;
}

/** For services that answer with a job first. `{jobId}` in the paths is replaced. */
export interface PollProfile {
  jobId: Pointers;
  statusPath: string;
  status: Pointers;
  done: string[];
  failed: string[];
  /** Absent = the answer that says "done" holds the result. */
  resultPath?: string;
  intervalMs: number;
  maxMs: number;
}

export interface SegmentProfile {
  text: Pointers;
  start: Pointers;
  end?: Pointers;
  duration?: Pointers;
  speaker?: Pointers;
  unit: 's' | 'ms' | 'hh:mm:ss';
}

export interface ResponseProfile {
  ok?: { pointer: string; equals: unknown };
  text: Pointers;
  language?: Pointers;
  duration?: Pointers;
  segments?: Pointers;
  segment?: SegmentProfile;
}

export interface LimitsProfile {
  maxBytes: number;
  maxSeconds: number;
  /** For the whole call. RapidAPI's gateway gives up after a minute at most. */
  timeoutMs: number;
  /** Calls at once, from one worker process. */
  concurrency: number;
  perSecond?: number;
  /** Formats that the service reads, as file extensions or media types, best first. */
  accept: string[];
}

export interface SpeechProfile {
  name: string;
  /** What `X-RapidAPI-Host` says. */
  host: string;
  /** Where the service is; default `https://{host}`. `RAPIDAPI_BASE_URL` wins over both. */
  baseUrl?: string;
  submit: SubmitProfile;
  poll?: PollProfile;
  response: ResponseProfile;
  limits: LimitsProfile;
}

const pointer = Joi.string().pattern(/^(\/.*)?$/, 'JSON Pointer');
const pointers = Joi.array().items(pointer).min(1);
const path = Joi.string().pattern(/^\//, 'path that begins with /');
const names = Joi.array().items(Joi.string());
const atLeastOne = Joi.number().integer().min(1);
const LONGEST_MS = 290_000;

const submit = Joi.object({
  method: Joi.valid('POST', 'GET').default('POST'),
  path: path.required(),
  body: Joi.valid('multipart', 'form', 'json', 'query').default('multipart'),
  source: Joi.valid('bytes', 'signedUrl').default('bytes'),
  sourceField: Joi.string().default('file'),
  languageField: Joi.string(),
  languageMap: Joi.object().pattern(Joi.string(), Joi.string()),
  autoLanguage: Joi.string().allow(null),
  constants: Joi.object().pattern(Joi.string(), Joi.string()),
}).custom((value: { source: string; body: string; method: string }, helpers) =>
  value.source === 'bytes' && value.body === 'multipart' && value.method === 'POST'
    ? value
    : helpers.message({
        custom:
          'submit must be POST, body "multipart" and source "bytes": a recording is never handed out as an address',
      }),
);

const poll = Joi.object({
  jobId: pointers.required(),
  statusPath: path.required(),
  status: pointers.required(),
  done: names.required(),
  failed: names.default([]),
  resultPath: path,
  intervalMs: atLeastOne.default(2000),
  maxMs: atLeastOne.default(600_000),
});

const segment = Joi.object({
  text: pointers.required(),
  start: pointers.required(),
  end: pointers,
  duration: pointers,
  speaker: pointers,
  unit: Joi.valid('s', 'ms', 'hh:mm:ss').default('s'),
});

const response = Joi.object({
  ok: Joi.object({ pointer: pointer.required(), equals: Joi.any().required() }),
  text: pointers.required(),
  language: pointers,
  duration: pointers,
  segments: pointers,
  segment,
}).with('segments', 'segment');

const limits = Joi.object({
  maxBytes: atLeastOne.default(25_000_000),
  maxSeconds: Joi.number().min(2).default(300),
  timeoutMs: Joi.number().integer().min(100).max(LONGEST_MS).default(75_000),
  concurrency: atLeastOne.max(50).default(2),
  perSecond: Joi.number().positive(),
  accept: names.default(['mp3']),
}).default();

/** Checks a profile and fills in what it leaves out. */
export const profileSchema = Joi.object({
  name: Joi.string().required(),
  host: Joi.string().hostname().required(),
  baseUrl: Joi.string().uri({ scheme: ['https', 'http'] }),
  submit: submit.required(),
  poll,
  response: response.required(),
  limits,
}).options({ abortEarly: false, errors: { wrap: { label: false } } });
