/**
 * Arguments as they came. The SDK would decode them before our code sees them, and a payload that it can't decode fails
 * the workflow task again and again: nothing but a new build would move that run.
 */
import { defaultPayloadConverter, RawValue, rawValueTypeInfo } from '@temporalio/common';

/** More arguments than anybody types by mistake. */
const MOST_ARGUMENTS = 50;

/** Type information for signals and workflows that take whatever is sent. */
export const UNDECODED = { inputTypes: Array.from({ length: MOST_ARGUMENTS }, () => rawValueTypeInfo) };

/** What an undecoded argument holds; undefined when it can't be read. */
export function decoded(argument: unknown): unknown {
  if (!(argument instanceof RawValue)) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(argument.payload);
  } catch {
    return undefined;
  }
}
