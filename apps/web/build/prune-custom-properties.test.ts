import { expect, it } from 'vitest';
import { prune } from './prune-custom-properties.plugin.ts';

it('drops what nothing reads and keeps what is read through others, in every theme', () => {
  const css = prune(`
    :root { --used: var(--deep); --deep: red; --unused: var(--lonely); --lonely: blue }
    .dark { --deep: pink; --lonely: navy }
    a { color: var(--used, var(--fallback)) }
    :root { --fallback: green }`);
  expect(css).toContain('--deep:pink');
  expect(css).toContain('--fallback:green');
  expect(css).not.toMatch(/unused|lonely/);
});
