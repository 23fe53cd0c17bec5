import { clip } from '../src/domain/text';

/** What a download of the meeting is called, without the extension: its title on one line, without slashes, not too long. */
export const fileStem = (title: string): string => clip(title.replace(/[\s/\\]+/g, ' '), 100);
