/** Deleting a meeting, and the receipt that stays of it. */
import Joi from 'joi';
import type { Knex } from 'knex';
import { Erasure, ErasureRemain, type Counts, type Outside } from '../../src/models/erasure';
import { eraseMeeting } from '../erase-meeting';
import { notFound } from '../errors';
import { erasureShape, presentErasure } from '../present/erasure';
import { uuid } from '../present/shapes';
import { route, type Call, type Reply } from '../route';
import { idParam } from '../schemas';

async function remove({ deps, caller, params }: Call<{ meetingId: string }, object, object>): Promise<Reply> {
  const { id } = await eraseMeeting(deps, caller, params.meetingId);
  return { status: 202, headers: { Location: `/erasures/${id}` }, body: { erasureId: id } };
}

/** For whoever deleted the meeting, and admins. */
async function read({ deps, caller, params }: Call<{ erasureId: string }, object, object>): Promise<Reply> {
  const erasure = await Erasure.query(deps.db).findById(params.erasureId);
  const isTheirs = caller.role === 'admin' || erasure?.requestedBy === caller.id;
  if (!erasure || !isTheirs) throw notFound('erasure');
  return { status: 200, body: presentErasure(erasure, await remainingOf(deps.db, erasure)) };
}

async function remainingOf(db: Knex, { id }: Erasure): Promise<Counts<Outside>> {
  const rows = await ErasureRemain.query(db).where({ erasureId: id }).groupBy('kind').select('kind').count();
  return Object.fromEntries(
    rows.map((row) => [row.kind, Number((row as unknown as { count: string }).count)]),
  );
}

export const erasureRoutes = [
  route({
    method: 'DELETE',
    path: '/meeting/:meetingId',
    operationId: 'deleteMeeting',
    tag: 'meetings',
    summary: 'Deletes a meeting and all that came of it; it is gone at once, its remains within moments',
    params: idParam('meetingId'),
    responses: {
      202: {
        description: 'Deleted; the receipt is at Location',
        schema: Joi.object({ erasureId: uuid }),
        headers: ['Location'],
      },
    },
    handler: remove,
  }),
  route({
    method: 'GET',
    path: '/erasures/:erasureId',
    operationId: 'getErasure',
    tag: 'meetings',
    summary: 'The receipt of a deleted meeting: counts, no content',
    params: idParam('erasureId'),
    responses: { 200: { description: 'What was removed and what remains', schema: erasureShape } },
    handler: read,
  }),
];
