import Joi from 'joi';
import { UniqueViolationError, raw } from 'objection';
import { User, type Role } from '../../src/models/user';
import { visibleUsers } from '../access';
import { deleteUser } from '../delete-user';
import { AppError, notFound } from '../errors';
import { moveReminders } from '../move-reminders';
import { paged, presentPage, type PageQuery } from '../paging';
import { listOf } from '../present/shapes';
import { presentUser, userShape } from '../present/user';
import { route, type Call } from '../route';
import { email, idParam, pageQuery, timezone, words } from '../schemas';
import { tellTaskChanged } from '../tell-temporal';

type Fields = Pick<User, 'name' | 'email' | 'role' | 'timezone'>;
type NewUser = Pick<Fields, 'name' | 'email'> & Partial<Fields>;
type ById<Body = object> = Call<{ userId: string }, object, Body>;

const fields = {
  name: words(200),
  email: email(),
  role: Joi.string().valid('admin', 'member' satisfies Role),
  timezone: timezone(),
};
const newUser = Joi.object<NewUser>({
  ...fields,
  name: fields.name.required(),
  email: fields.email.required(),
}).meta({ title: 'NewUser' });

function requireAdmin(caller: User): void {
  if (caller.role !== 'admin') throw notFound('resource');
}

/** The address is unique whatever two requests do at once: the index decides. */
async function orEmailTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof UniqueViolationError)) throw error;
    const detail = 'email belongs to another user';
    throw new AppError('email-taken', detail, [{ pointer: '/email', code: 'email.taken', detail }]);
  }
}

async function list({ deps, caller, query }: Call<object, PageQuery, object>) {
  const page = await paged(visibleUsers(deps.db, caller).select('users.*'), query, ['users']);
  return { status: 200, body: presentPage(page, presentUser) };
}

async function create({ deps, caller, body, claim }: Call<object, object, NewUser>) {
  requireAdmin(caller);
  const written = User.transaction(deps.db, async (trx) => {
    const user = await User.query(trx).insert(body).returning('*').execute();
    const reply = { status: 201, headers: { Location: `/users/${user.id}` }, body: presentUser(user) };
    await claim.keep(trx, reply, { madeUserId: user.id });
    return reply;
  });
  return orEmailTaken(written);
}

async function read({ deps, caller, params: { userId } }: ById) {
  const user = await visibleUsers(deps.db, caller).findById(userId);
  if (!user) throw notFound('user');
  return { status: 200, body: presentUser(user) };
}

async function change({ deps, caller, params: { userId }, body }: ById<Partial<Fields>>) {
  requireMayChange(caller, userId, body);
  const columns = { ...body, version: raw('version + 1'), updatedAt: new Date() };
  const { user, toMove } = await User.transaction(deps.db, async (trx) => {
    const before = await User.query(trx).findById(userId).select('timezone').forUpdate();
    if (!before) throw notFound('user');
    const write = User.query(trx).patchAndFetchById(userId, columns);
    const changed = await orEmailTaken(write.execute());
    const moved = changed.timezone !== before.timezone;
    return { user: changed, toMove: moved ? await moveReminders(trx, userId) : [] };
  });
  await Promise.all(toMove.map((taskId) => tellTaskChanged(deps, taskId)));
  return { status: 200, body: presentUser(user) };
}

/** Admins change everybody; oneself may change name and time zone. The last admin can't lock everybody out. */
function requireMayChange(caller: User, userId: string, { role, email: address }: Partial<Fields>): void {
  const own = caller.id === userId;
  if (caller.role !== 'admin' && (!own || role !== undefined || address !== undefined))
    throw notFound('user');
  if (own && role !== undefined && role !== caller.role) {
    throw new AppError('not-on-yourself', 'Another admin can change your role.');
  }
}

async function remove({ deps, caller, params: { userId } }: ById) {
  requireAdmin(caller);
  if (userId === caller.id) throw new AppError('not-on-yourself', 'Another admin can delete you.');
  await deleteUser(deps, userId);
  return { status: 204 };
}

const one = { description: 'The user', schema: userShape };

export const userRoutes = [
  route({
    method: 'GET',
    path: '/users',
    operationId: 'listUsers',
    tag: 'users',
    summary: 'Users: all for admins, else oneself and whoever shares a meeting',
    query: Joi.object<PageQuery>(pageQuery),
    responses: { 200: { description: 'A page of users', schema: listOf(userShape) } },
    handler: list,
  }),
  route({
    method: 'POST',
    path: '/users',
    operationId: 'createUser',
    tag: 'users',
    summary: 'Adds a user',
    idempotent: true,
    body: newUser,
    responses: { 201: { ...one, headers: ['Location'] } },
    handler: create,
  }),
  route({
    method: 'GET',
    path: '/users/:userId',
    operationId: 'getUser',
    tag: 'users',
    summary: 'One user',
    params: idParam('userId'),
    responses: { 200: one },
    handler: read,
  }),
  route({
    method: 'PUT',
    path: '/users/:userId',
    operationId: 'changeUser',
    tag: 'users',
    summary: 'Changes a user; absent = unchanged',
    params: idParam('userId'),
    body: Joi.object<Partial<Fields>>(fields).meta({ title: 'UserChange' }),
    responses: { 200: one },
    handler: change,
  }),
  route({
    method: 'DELETE',
    path: '/users/:userId',
    operationId: 'deleteUser',
    tag: 'users',
    summary: 'Deletes a user who owns no meetings; their tasks lose their owner',
    params: idParam('userId'),
    responses: { 204: { description: 'Deleted; also gone from their calendar' } },
    handler: remove,
  }),
];
