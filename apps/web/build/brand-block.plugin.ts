import type { Plugin } from 'vite';

/** The place in the page's head where the gateway puts the brand of the host, see README.md. */
export function brandBlock(): Plugin {
  return {
    name: 'postern:brand-block',
    transformIndexHtml: () => [
      {
        tag: 'script',
        attrs: { type: 'application/json', id: 'postern-brand', nonce: '__POSTERN_NONCE__' },
        children: '__POSTERN_BRAND__',
        injectTo: 'head',
      },
    ],
  };
}
