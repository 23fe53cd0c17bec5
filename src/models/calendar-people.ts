/** What a calendar has to know of a user: the one place where it meets our rows. */
import type { Knex } from 'knex';
import { User } from './user';

export interface CalendarPerson {
  email: string;
  /** The encrypted refresh token; null = not connected. */
  grant: Buffer | null;
}

export interface CalendarPeople {
  /** null = there is no such user any more. */
  find(userId: string): Promise<CalendarPerson | null>;
  /** Disconnects the user, unless they have connected anew meanwhile. */
  forgetGrant(userId: string, grant: Buffer): Promise<void>;
}

export const calendarPeople = (db: Knex): CalendarPeople => ({
  async find(userId) {
    const user = await User.query(db).findById(userId).select('email', 'calendar_grant');
    return user ? { email: user.email, grant: user.calendarGrant } : null;
  },
  async forgetGrant(userId, grant) {
    const gone = { calendarGrant: null, updatedAt: new Date() };
    await User.query(db).findById(userId).where({ calendarGrant: grant }).patch(gone);
  },
});
