import { findTemporalCli } from '../../src/tools/find';

/** The `temporal` program, fetched once per machine. */
export const temporalCli = (): Promise<string> => findTemporalCli({ log: console.log });
