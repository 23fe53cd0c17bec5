const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * What every string passes that enters from a client, a provider or a model: well-formed Unicode (a lone surrogate
 * becomes U+FFFD), line breaks as `\n`, no NUL or other control character but `\n` and `\t`, trimmed. Postgres refuses
 * what this removes.
 */
export function text(value: string): string {
  return value.replace(/\r\n?/g, '\n').replace(CONTROLS, '').toWellFormed().trim();
}

/** The first `max` characters, counted so that none is cut in half. */
export const clip = (value: string, max: number): string => [...value].slice(0, max).join('');
