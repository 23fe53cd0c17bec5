/** Presenters are the only way out: what they do not name stays inside, whatever the row holds. */
import type Joi from 'joi';
import { Delivery } from '../../src/models/delivery';
import { Extraction } from '../../src/models/extraction';
import { Task } from '../../src/models/task';
import { User } from '../../src/models/user';
import { deliveryShape, presentDelivery } from './delivery';
import { evidenceShape, presentEvidence } from './evidence';
import { extractionShape, presentExtraction } from './extraction';
import { presentTask, taskShape } from './task';
import { presentUser, userShape } from './user';

const ID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
const AT = new Date('2026-11-23T10:00:00Z');
/** Of every row: columns that nobody outside may see. */
const INSIDE = { secret: 'canary', fingerprint: 'canary', calendarGrantNote: 'canary' };

const user = (fields: Partial<User> = {}) =>
  User.fromJson({
    ...INSIDE,
    id: ID,
    name: 'Ben',
    email: 'ben@example.com',
    role: 'member',
    timezone: 'UTC',
    calendarGrant: null,
    version: 3,
    ...fields,
  });

const task = (fields: Partial<Task> = {}) =>
  Task.fromJson({
    ...INSIDE,
    id: ID,
    meetingId: null,
    name: 'Send the report',
    ownerId: null,
    ownerText: null,
    status: 'open',
    deadlineDate: null,
    deadlineAt: null,
    deadlineTimezone: null,
    deadlineText: null,
    category: null,
    origin: 'human',
    needsReview: false,
    editedFields: [],
    evidence: [],
    version: 1,
    createdAt: AT,
    updatedAt: AT,
    ...fields,
  });

const delivery = (fields: Partial<Delivery> = {}) =>
  Delivery.fromJson({
    ...INSIDE,
    id: ID,
    channel: 'email',
    kind: 'assigned',
    state: 'failed',
    attempts: 2,
    taskVersion: 1,
    updatedAt: AT,
    provider: 'sendgrid',
    providerMessageId: 'canary',
    error: null,
    ...fields,
  });

const extraction = () =>
  Extraction.fromJson({
    ...INSIDE,
    version: 2,
    provider: 'gemini',
    model: 'gemini-3.6-flash',
    quality: 'standard',
    promptVersion: 'gemini-1',
    coverage: 0.5,
    instructions: null,
    requestedBy: null,
    requestId: ID,
    createdAt: AT,
    counts: { actionItems: 1, decisions: 2, questions: 3, canary: 9 },
    changes: { added: 1, updated: 0, removed: 0, kept: 4, canary: 9 },
    items: { tasks: ['canary'] },
  });

test.each<[string, Joi.ObjectSchema, unknown]>([
  ['a user', userShape, presentUser(user())],
  ['a task', taskShape, presentTask(task(), {})],
  ['a delivery', deliveryShape, presentDelivery(delivery())],
  ['an extraction', extractionShape, presentExtraction(extraction())],
])('%s is shown as promised, with every field, and nothing from inside', (_, shape, shown) => {
  expect(shape.validate(shown, { convert: false, presence: 'required' }).error).toBeUndefined();
  expect(JSON.stringify(shown)).not.toContain('canary');
});

test('of a calendar it is shown only whether it is connected', () => {
  const shown = presentUser(user({ calendarGrant: Buffer.from('canary') }));
  expect(shown.calendarConnected).toBe(true);
  expect(JSON.stringify(shown)).not.toMatch(/canary|grant/i);
});

test('what is not known is null, never absent', () => {
  const shown = presentTask(task(), {});
  const unknown = ['meetingId', 'owner', 'ownerText', 'deadline', 'deadlineText', 'category'] as const;
  expect(unknown.map((name) => shown[name])).toEqual(unknown.map(() => null));
  expect(shown).toMatchObject({ editedFields: [], evidence: [] });
});

test('an error of a delivery is its code and its words, nothing else', () => {
  const error = { code: 'mail-auth', message: 'Set the key.', response: 'canary' };
  expect(presentDelivery(delivery({ error })).error).toEqual({
    code: 'mail-auth',
    message: 'Set the key.',
  });
});

describe('evidence', () => {
  const cited = { segmentId: ID, startMs: 1, endMs: 2, speaker: 'Speaker 1', quote: 'I will' };
  const names = { 'Speaker 1': { name: 'Ben', userId: ID, source: 'person' as const } };

  test('shows speakers by their names, and by their labels while those are not known', () => {
    const [named] = presentEvidence([cited], names);
    const [unnamed] = presentEvidence([cited], {});
    expect([named!.speaker, unnamed!.speaker]).toEqual(['Ben', 'Speaker 1']);
  });

  test('of a text without times or speakers has nulls', () => {
    const bare = { ...cited, startMs: null, endMs: null, speaker: null };
    const [shown] = presentEvidence([bare], names);
    expect(shown).toEqual(bare);
    expect(evidenceShape.validate(shown, { presence: 'required' }).error).toBeUndefined();
  });

  test('a label that is called like a property of objects is only a label', () => {
    for (const speaker of ['constructor', '__proto__', 'toString']) {
      const [shown] = presentEvidence([{ ...cited, speaker }], names);
      expect(shown!.speaker).toBe(speaker);
    }
  });
});
