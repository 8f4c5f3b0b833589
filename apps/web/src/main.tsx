import './styles/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { parseBrand } from './brand/brand.ts';
import { applyTheme } from './brand/theme.ts';
import { languageFor, loadMessages } from './messages/messages.ts';

const brand = parseBrand(document.getElementById('postern-brand')?.textContent ?? '');
// What an application asks for comes first: OpenID Connect Core, section 3.1.2.1, `ui_locales`.
const asked = new URLSearchParams(window.location.search).get('ui_locales')?.split(' ') ?? [];
const language = languageFor([...asked, ...(brand.locale ? [brand.locale] : navigator.languages)]);

applyTheme(brand.theme, document.documentElement, window.matchMedia('(prefers-color-scheme: dark)'));
document.documentElement.lang = language;
document.title = brand.title;
document.querySelector('link[rel=icon]')?.setAttribute('href', brand.favicon);
// Coming back by the browser's history would show the step as it was left, spinner and all.
window.addEventListener('pageshow', (event) => event.persisted && window.location.reload());

const root = document.getElementById('root');
if (root) {
  const page = createRoot(root);
  void loadMessages(language).then((messages) =>
    page.render(
      <StrictMode>
        <App brand={brand} messages={messages} path={window.location.pathname} />
      </StrictMode>,
    ),
  );
}
