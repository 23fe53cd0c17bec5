import Joi from 'joi';
import type { SpeakerNames } from '../../src/domain/plain-transcript';
import type { Decision } from '../../src/models/decision';
import type { DiffEntry, Extraction } from '../../src/models/extraction';
import type { Question } from '../../src/models/question';
import type { Task } from '../../src/models/task';
import { extractionFields, presentExtraction } from './extraction';
import { decisionShape, presentDecision, presentQuestion, questionShape } from './finding';
import { orNull, uuid } from './shapes';
import { presentTask, taskShape } from './task';

const CHANGES = ['added', 'updated', 'removed', 'kept'] as const;

const entryShape = (kind: DiffEntry['kind'], item: Joi.Schema) =>
  Joi.object({
    kind: Joi.string().valid(kind),
    change: Joi.string().valid(...CHANGES),
    id: uuid,
    before: orNull(item),
    after: orNull(item),
  }).meta({ title: `${kind[0]!.toUpperCase()}${kind.slice(1)}Diff` });

export const extractionWithDiffShape = Joi.object({
  ...extractionFields,
  diff: Joi.array().items(
    entryShape('task', taskShape),
    entryShape('decision', decisionShape),
    entryShape('question', questionShape),
  ),
}).meta({ title: 'ExtractionWithDiff' });

/** `names` = who the labels of the meeting's speakers are now. */
export const presentWithDiff = (extraction: Extraction, names: SpeakerNames) => ({
  ...presentExtraction(extraction),
  diff: extraction.diff.map(({ kind, change, id, before, after }) => ({
    kind,
    change,
    id,
    before: before && PRESENT[kind](before, names),
    after: after && PRESENT[kind](after, names),
  })),
});

const PRESENT: Record<DiffEntry['kind'], (row: object, names: SpeakerNames) => object> = {
  task: (row, names) => presentTask(withDates(row as Task), names),
  decision: (row, names) => presentDecision(row as Decision, names),
  question: (row, names) => presentQuestion(row as Question, names),
};

/** The row came out of JSON, which has no dates. */
const withDates = (row: Task) =>
  ({
    ...row,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    deadlineAt: row.deadlineAt && new Date(row.deadlineAt),
  }) as Task;
