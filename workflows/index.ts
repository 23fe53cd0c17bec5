/** All workflows: what the bundle is built from. */
export { Erasure } from './erasure';
export { Janitor } from './janitor';
export { MeetingPipeline } from './meeting-pipeline';
export { TaskSync } from './task-sync';
