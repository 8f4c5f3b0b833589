import { createHash } from 'node:crypto';

/** The looks of the page: one small sheet in it, no file to fetch, those of the pages for errors. */
export const FAREWELL_STYLE = `
:root { color-scheme: light dark; --ink: #13242a; --soft: #4c5d63; --ground: #e9eeec; --surface: #fff; --accent: #0c5c66; --on-accent: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eaf1f0; --soft: #a5b5b5; --ground: #0a1113; --surface: #14201f; --accent: #7fd0cf; --on-accent: #06282b }
}
* { box-sizing: border-box }
body {
  display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
}
main {
  width: 100%; max-width: 27.5rem; padding: 2.5rem; background: var(--surface); border-radius: 20px;
  box-shadow: 0 1px 2px rgb(12 40 46 / 6%), 0 24px 60px -20px rgb(12 40 46 / 28%)
}
h1 { margin: 0 0 .75rem; font-size: 1.625rem; line-height: 1.2; letter-spacing: -.015em }
p { margin: 0 0 1rem; color: var(--soft) }
p:last-child { margin: 1.75rem 0 0 }
a {
  display: block; padding: .75rem; font-weight: 600; text-align: center; text-decoration: none;
  color: var(--on-accent); background: var(--accent); border-radius: 10px;
}
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 30rem) { body { padding: 0; place-items: start stretch; background: var(--surface) } main { padding: 2rem 1.5rem; box-shadow: none } }
`;

/** What a policy lets in of styles: that one sheet. */
export const FAREWELL_STYLE_SOURCE = `'sha256-${createHash('sha256').update(FAREWELL_STYLE).digest('base64')}'`;
