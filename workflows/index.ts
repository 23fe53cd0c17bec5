/** All workflows: what the bundle is built from. */
export { MeetingPipeline } from './meeting-pipeline';
export { TaskSync } from './task-sync';
