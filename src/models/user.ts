import { BaseModel } from './base';

export type Role = 'admin' | 'member';

/** A person: a participant, an owner of tasks, a caller. */
export class User extends BaseModel {
  static override readonly tableName = 'users';

  declare id: string;
  declare name: string;
  /** Always lower case, unique. */
  declare email: string;
  declare role: Role;
  /** An admin because `ADMIN_EMAILS` says so, not because another admin did. */
  declare adminByConfig: boolean;
  declare timezone: string;
  declare calendarGrant: Buffer | null;
  declare version: number;
  declare createdAt: Date;
  declare updatedAt: Date;
}
