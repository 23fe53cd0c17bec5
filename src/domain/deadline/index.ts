export { findDeadlineWords } from './find';
export { resolveDeadline } from './resolve';
