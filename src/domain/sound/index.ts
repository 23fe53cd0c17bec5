/** Sound as the pipeline needs it: how loud, where the pauses are, where to cut. Pure. */
export { cutList, halve } from './cut-list';
export { Levels } from './levels';
export type { Stretch } from './stretch';
