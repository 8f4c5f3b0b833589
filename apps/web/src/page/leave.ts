import { safeTarget } from '../executor/navigation.ts';

/** Sends the browser on. Returns whether the address was one that may be opened. */
export function leave(to: string): boolean {
  const target = safeTarget(to, document.baseURI);
  if (target !== undefined) window.location.assign(target);
  return target !== undefined;
}
