import './styles/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { parseBrand } from './brand/brand.ts';
import { applyTheme } from './brand/theme.ts';
import { languageFor } from './messages/messages.ts';

const said = parseBrand(document.getElementById('postern-brand')?.textContent ?? '');
const brand = { ...said, locale: said.locale || navigator.language };

applyTheme(brand.theme, document.documentElement, window.matchMedia('(prefers-color-scheme: dark)'));
document.documentElement.lang = languageFor(brand.locale);
document.title = brand.title;
document.querySelector('link[rel=icon]')?.setAttribute('href', brand.favicon);
// Coming back by the browser's history would show the step as it was left, spinner and all.
window.addEventListener('pageshow', (event) => event.persisted && window.location.reload());

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App brand={brand} path={window.location.pathname} />
    </StrictMode>,
  );
}
