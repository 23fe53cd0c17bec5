/** The value at an RFC 6901 pointer; undefined when there is none. Inherited properties are not seen. */
export function valueAt(document: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>((value, escaped) => {
    const key = escaped.replace(/~1/g, '/').replace(/~0/g, '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string, unknown>)[key];
  }, document);
}

/** The first of the pointers that leads anywhere. */
export function firstAt(document: unknown, pointers: string[] = []): unknown {
  for (const pointer of pointers) {
    const value = valueAt(document, pointer);
    if (value !== undefined) return value;
  }
  return undefined;
}
