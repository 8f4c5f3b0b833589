import { decodeProtectedHeader } from 'jose';

/** The header of a compact token, whatever it says; undefined for what is none. */
export function protectedHeaderOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return { ...decodeProtectedHeader(token) };
  } catch {
    return undefined;
  }
}
