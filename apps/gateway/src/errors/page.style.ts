import { createHash } from 'node:crypto';

/** The looks of error pages: one small sheet, no file to fetch, so that it works where everything else does not. */
export const ERROR_STYLE = `
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
  width: 100%; max-width: 27.5rem; padding: 2.5rem; background: var(--surface); border-radius: 20px; overflow-wrap: anywhere;
  box-shadow: 0 1px 2px rgb(12 40 46 / 6%), 0 24px 60px -20px rgb(12 40 46 / 28%)
}
svg { display: block; width: 1.875rem; margin: 0 0 1.75rem; fill: var(--ink) }
path + path { fill: var(--accent) }
@media (max-width: 30rem) { body { padding: 0; place-items: start stretch; background: var(--surface) } main { padding: 2rem 1.5rem; box-shadow: none } }
h1 { margin: 0 0 .75rem; font-size: 1.625rem; line-height: 1.2; letter-spacing: -.015em }
p { margin: 0 0 1rem; color: var(--soft) }
p:last-child { margin: 1.75rem 0 0 }
code { font-size: .875rem }
a {
  display: block; padding: .75rem; font-weight: 600; text-align: center; text-decoration: none;
  color: var(--on-accent); background: var(--accent); border-radius: 10px;
}
a:hover { opacity: .9 }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`;

const HASH = createHash('sha256').update(ERROR_STYLE).digest('base64');

/** The policy of error pages: that one sheet, and nothing else. */
export const ERROR_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
