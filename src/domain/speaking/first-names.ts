import type { Participant } from '../meeting';

/** Finds the participant that a spoken first name means; null = nobody, or more than one. */
export type WhoIs = (name: string) => Participant | null;

/**
 * First names count only when they are unique in the meeting. A speech engine writes names as they sound ("Karol",
 * "Caroll", "Jon"), so names that sound the same are the same; names that are merely similar (Anne, Anna) are not.
 */
export function byFirstName(participants: Participant[]): WhoIs {
  const bySound = new Map<string, Participant | null>();
  for (const participant of participants) {
    const sound = soundOf(participant.name.trim().split(/\s+/)[0] ?? '');
    if (sound) bySound.set(sound, bySound.has(sound) ? null : participant);
  }
  return (name) => bySound.get(soundOf(name)) ?? null;
}

function soundOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const letters = plain
    .replace(/ph/g, 'f')
    .replace(/c(?![ehiy])|ck|q/g, 'k')
    .replace(/z/g, 's')
    .replace(/y/g, 'i');
  return letters.replace(/(?<!^)h/g, '').replace(/(.)\1+/g, '$1');
}
