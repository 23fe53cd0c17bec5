/** Everything that is served, in one list. */
import type { Route } from '../route';
import { healthRoutes } from './health';
import { meRoutes } from './me';
import { meetingRoutes } from './meetings';
import { notifyRoutes } from './notify';
import { taskWritingRoutes } from './task-writing';
import { taskRoutes } from './tasks';
import { userRoutes } from './users';
import { workRoutes } from './work';

export const routes: Route[] = [
  ...healthRoutes,
  ...meRoutes,
  ...meetingRoutes,
  ...workRoutes,
  ...taskRoutes,
  ...taskWritingRoutes,
  ...notifyRoutes,
  ...userRoutes,
];
