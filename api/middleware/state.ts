import type { User } from '../../src/models/user';

/** What the middleware leaves for the routes, in `ctx.state`. */
export interface AppState {
  requestId: string;
  caller: User;
  /** The route's pattern, for logs: a path may hold ids. */
  route?: string;
}
