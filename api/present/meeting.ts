import Joi from 'joi';
import { MEETING_STATUSES, STEPS, type Participant } from '../../src/domain/meeting';
import type { SpeakerNames } from '../../src/domain/plain-transcript';
import type { Decision } from '../../src/models/decision';
import type { Extraction } from '../../src/models/extraction';
import type { Meeting } from '../../src/models/meeting';
import type { Question } from '../../src/models/question';
import type { Task } from '../../src/models/task';
import type { JsonText } from '../json-text';
import { extractionShape, presentExtraction } from './extraction';
import { decisionShape, presentDecision, presentQuestion, questionShape } from './finding';
import { linksShape, type Links } from './links';
import { count, instant, orNull, string, uuid } from './shapes';
import { presentTask, taskShape } from './task';

/** Everything that the dashboard shows of a meeting. */
export interface MeetingView {
  meeting: Meeting;
  participants: Participant[];
  /** Who the labels of the segments are. */
  names: SpeakerNames;
  segments: JsonText;
  tasks: Task[];
  decisions: Decision[];
  questions: Question[];
  extraction: Extraction | null;
  links: Links;
}

const failureShape = orNull(
  Joi.object({
    step: Joi.string().valid(...STEPS),
    code: string,
    message: string,
    retryable: Joi.boolean(),
    at: instant,
  }).meta({ title: 'Failure' }),
);

const participantShape = Joi.object({ userId: uuid, name: string, email: string }).meta({
  title: 'Participant',
});

const segmentShape = Joi.object({
  id: uuid,
  speaker: orNull(string),
  startMs: orNull(count),
  endMs: orNull(count),
  text: string,
  confidence: orNull(Joi.number()),
}).meta({ title: 'Segment' });

/** What a list and the whole meeting have in common. */
export const headShape = {
  id: uuid,
  title: string,
  status: Joi.string().valid(...MEETING_STATUSES),
  failure: failureShape,
  createdAt: instant,
  recordedAt: instant,
  durationSeconds: orNull(Joi.number().min(0)),
};

export const meetingShape = Joi.object({
  ...headShape,
  timezone: string,
  language: orNull(string),
  participants: Joi.array().items(participantShape),
  transcript: orNull(string),
  segments: Joi.array().items(segmentShape),
  actionItems: Joi.array().items(taskShape),
  decisions: Joi.array().items(decisionShape),
  unresolvedQuestions: Joi.array().items(questionShape),
  extraction: orNull(extractionShape),
  links: linksShape,
}).meta({ title: 'Meeting' });

export const presentHead = (meeting: Meeting) => ({
  id: meeting.id,
  title: meeting.title,
  status: meeting.status,
  failure: meeting.failure && presentFailure(meeting.failure),
  createdAt: meeting.createdAt.toISOString(),
  recordedAt: meeting.recordedAt.toISOString(),
  durationSeconds: meeting.durationMs === null ? null : meeting.durationMs / 1000,
});

const presentFailure = ({ step, code, message, retryable, at }: NonNullable<Meeting['failure']>) => ({
  step,
  code,
  message,
  retryable,
  at,
});

export const presentMeeting = ({ meeting, names, ...view }: MeetingView) => ({
  ...presentHead(meeting),
  timezone: meeting.timezone,
  language: meeting.language,
  participants: view.participants.map(({ userId, name, email }) => ({ userId, name, email })),
  transcript: meeting.transcript,
  segments: view.segments,
  actionItems: view.tasks.map((task) => presentTask(task, names)),
  decisions: view.decisions.map((decision) => presentDecision(decision, names)),
  unresolvedQuestions: view.questions.map((question) => presentQuestion(question, names)),
  extraction: view.extraction && presentExtraction(view.extraction),
  links: view.links,
});
