import { loadConfig, type Config } from '../config';

/** Stands in while the configuration is checked; the real address is known once a port is chosen. */
const OWN_DATABASE = 'postgres://127.0.0.1/embedded';

/** The configuration of a stack that brings its own PostgreSQL unless `DATABASE_URL` names one. Throws ConfigError. */
export const loadStackConfig = (env: NodeJS.ProcessEnv): Config =>
  loadConfig({ ...env, DATABASE_URL: env.DATABASE_URL || OWN_DATABASE });
