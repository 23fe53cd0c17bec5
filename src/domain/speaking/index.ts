/** Who said what: words and voices put together, and names for voices from evidence. Pure. */
export { assemble, type SpokenSegment } from './assemble';
export { nameSpeakers } from './name-speakers';
