/** Where a browser keeps which second factor was used last. */
const KEY = 'postern-second-factor';
/** Those that begin without anything being sent to anybody. */
const SILENT = new Set(['totp', 'webauthn']);

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** The class of device that was used last in this browser; undefined when none was, or it must be asked for. */
export function rememberedClass(shelf: Shelf): string | undefined {
  try {
    const name = shelf.getItem(KEY) ?? '';
    return SILENT.has(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it for the next sign-in. A browser that keeps nothing is asked again. */
export function rememberClass(shelf: Shelf, name: string): void {
  try {
    shelf.setItem(KEY, name);
  } catch {
    // Private windows refuse: nothing depends on it.
  }
}
