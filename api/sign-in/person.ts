/** The user behind an identity. */
import type { Knex } from 'knex';
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import { tokenRefused } from './bearer';
import type { Identity } from './identity';

/**
 * The user with that address, a new `member` when there is none (also after somebody was deleted: who may come in is
 * the issuer's to say). `adminEmails` are admins for as long as they are listed; other roles stay as an admin set them.
 * @throws AppError `unauthenticated` for the user of local mode, whose meetings belong to the machine and to nobody else.
 */
export async function personOf(db: Knex, identity: Identity, adminEmails: readonly string[]): Promise<User> {
  if (identity.email === LOCAL_USER.email)
    throw tokenRefused('This e-mail address stands for the user of local mode.');
  const user = (await userWith(db, identity.email)) ?? (await newUser(db, identity));
  return withListedRole(db, user, adminEmails.includes(identity.email));
}

const userWith = (db: Knex, email: string) => User.query(db).findOne({ email });

/** Two first requests at once make one row: the unique address decides. */
async function newUser(db: Knex, identity: Identity): Promise<User> {
  await User.query(db)
    .insert({ ...identity })
    .onConflict('email')
    .ignore();
  return userWith(db, identity.email).throwIfNotFound();
}

/** `adminByConfig` remembers why somebody is an admin, so that leaving the list ends what the list gave, and only that. */
async function withListedRole(db: Knex, user: User, listed: boolean): Promise<User> {
  const settled = listed ? user.adminByConfig && user.role === 'admin' : !user.adminByConfig;
  if (settled) return user;
  return User.query(db)
    .patchAndFetchById(user.id, {
      role: listed ? 'admin' : 'member',
      adminByConfig: listed,
      updatedAt: new Date(),
    })
    .throwIfNotFound();
}
