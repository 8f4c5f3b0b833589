import type { Theme } from './brand.ts';

const DARK_CLASS = 'pf-v6-theme-dark';

/** Puts the theme on the document, and follows the system as long as the brand leaves the choice to it. */
export function applyTheme(theme: Theme, root: HTMLElement, system: MediaQueryList): void {
  const apply = () => {
    const dark = theme === 'automatic' ? system.matches : theme === 'dark';
    root.classList.toggle(DARK_CLASS, dark);
    root.style.colorScheme = dark ? 'dark' : 'light';
  };
  apply();
  if (theme === 'automatic') system.addEventListener('change', apply);
}
