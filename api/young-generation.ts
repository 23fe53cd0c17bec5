/**
 * Imported first by the api's entry point, before the loading of everything else has made V8's young generation grow.
 * A large one lets the packets of an upload wait long to be collected: 1 GB then costs 60 to 95 MB of memory. Kept at
 * its first size it costs less than 30, at the same speed (`npm run bench upload`).
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
