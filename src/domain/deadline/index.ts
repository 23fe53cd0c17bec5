export { findDeadlineWords } from './find';
export { resolveDeadline } from './resolve';
export { standsAsDeadline } from './stands';
