/** Everything that is served, in one list. */
import type { Route } from '../route';
import { costRoutes } from './costs';
import { calendarRoutes } from './calendar';
import { erasureRoutes } from './erasures';
import { eventRoutes } from './events';
import { exportRoutes } from './exports';
import { extractionRoutes } from './extractions';
import { healthRoutes } from './health';
import { meRoutes } from './me';
import { mediaRoutes } from './media';
import { meetingRoutes } from './meetings';
import { metricsRoutes } from './metrics';
import { notifyRoutes } from './notify';
import { searchRoutes } from './search';
import { runRoutes } from './run';
import { taskWritingRoutes } from './task-writing';
import { taskRoutes } from './tasks';
import { uploadRoutes } from './upload';
import { userRoutes } from './users';
import { webhookRoutes } from './webhooks';
import { workRoutes } from './work';

export const routes: Route[] = [
  ...healthRoutes,
  ...metricsRoutes,
  ...meRoutes,
  ...uploadRoutes,
  ...meetingRoutes,
  ...erasureRoutes,
  ...mediaRoutes,
  ...eventRoutes,
  ...exportRoutes,
  ...costRoutes,
  ...runRoutes,
  ...extractionRoutes,
  ...workRoutes,
  ...taskRoutes,
  ...taskWritingRoutes,
  ...notifyRoutes,
  ...searchRoutes,
  ...userRoutes,
  ...calendarRoutes,
  ...webhookRoutes,
];
