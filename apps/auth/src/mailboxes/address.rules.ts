/** Length of the longest address that can be written to, in characters (RFC 5321, section 4.5.3.1.3, without its brackets). */
export const LONGEST_ADDRESS = 254;

// No control characters, and none that nobody sees or that turn the direction of what is read.
const ADDRESS = /^[^\s\p{Cc}\p{Cf}@"(),:;<>[\\\]]+@[^\s\p{Cc}\p{Cf}@.]+(?:\.[^\s\p{Cc}\p{Cf}@.]+)+$/u;

/**
 * Whether a text is an address that people may give for theirs. Stricter than RFC 5322: no quoted names, no literals, nothing that means
 * something else in the header of a mail.
 */
export function isAddress(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && ADDRESS.test(text);
}
