/** Everything that is served, in one list. */
import type { Route } from '../route';
import { healthRoutes } from './health';
import { meRoutes } from './me';

export const routes: Route[] = [...healthRoutes, ...meRoutes];
