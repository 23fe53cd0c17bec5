import Joi from 'joi';
import type { Extraction } from '../../src/models/extraction';
import { count, instant, orNull, string, uuid } from './shapes';

export const extractionFields = {
  version: count,
  provider: string,
  model: string,
  quality: Joi.string().valid('draft', 'standard'),
  promptVersion: string,
  coverage: Joi.number().min(0).max(1),
  instructions: orNull(string),
  requestedBy: orNull(uuid),
  requestId: string,
  createdAt: instant,
  counts: Joi.object({ actionItems: count, decisions: count, questions: count }),
  changes: Joi.object({ added: count, updated: count, removed: count, kept: count }),
};

export const extractionShape = Joi.object(extractionFields).meta({ title: 'Extraction' });

export const presentExtraction = (extraction: Extraction) => ({
  version: extraction.version,
  provider: extraction.provider,
  model: extraction.model,
  quality: extraction.quality,
  promptVersion: extraction.promptVersion,
  coverage: extraction.coverage,
  instructions: extraction.instructions,
  requestedBy: extraction.requestedBy,
  requestId: extraction.requestId,
  createdAt: new Date(extraction.createdAt).toISOString(),
  counts: {
    actionItems: extraction.counts.actionItems,
    decisions: extraction.counts.decisions,
    questions: extraction.counts.questions,
  },
  changes: {
    added: extraction.changes.added,
    updated: extraction.changes.updated,
    removed: extraction.changes.removed,
    kept: extraction.changes.kept,
  },
});
