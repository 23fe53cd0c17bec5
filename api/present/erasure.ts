import Joi from 'joi';
import { OUTSIDE, REMOVED, type Counts, type Erasure, type Outside } from '../../src/models/erasure';
import { count, instant, orNull, uuid } from './shapes';

const countsOf = <Name extends string>(names: readonly Name[], counts: Counts<Name>) =>
  Object.fromEntries(names.map((name) => [name, counts[name] ?? 0]));

const countsShape = (names: readonly string[]) =>
  Joi.object(Object.fromEntries(names.map((name) => [name, count])));

export const erasureShape = Joi.object({
  id: uuid,
  meetingId: uuid,
  state: Joi.string().valid('running', 'done'),
  removed: countsShape(REMOVED),
  remaining: countsShape(OUTSIDE),
  createdAt: instant,
  finishedAt: orNull(instant),
}).meta({ title: 'Erasure' });

/** `remaining` = what is still to be removed; of one that is done, what could not be. */
export const presentErasure = (erasure: Erasure, remaining: Counts<Outside>) => ({
  id: erasure.id,
  meetingId: erasure.meetingId,
  state: erasure.state,
  removed: countsOf(REMOVED, erasure.removed),
  remaining: countsOf(OUTSIDE, remaining),
  createdAt: erasure.createdAt.toISOString(),
  finishedAt: erasure.finishedAt && erasure.finishedAt.toISOString(),
});
