import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { brandBlock } from './build/brand-block.plugin.ts';
import { precompress } from './build/precompress.plugin.ts';
import { pruneCustomProperties } from './build/prune-custom-properties.plugin.ts';

/** The strings that the gateway fills in are described in README.md. */
export default defineConfig({
  base: '/static/dist/',
  html: { cspNonce: '__POSTERN_NONCE__' },
  plugins: [react(), brandBlock(), pruneCustomProperties(), precompress()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsDir: 'assets/app',
    // A strict content security policy has no room for data: fonts and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What a flow begins with is one file, and each rare step another; not a file for every module that they share.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] },
      },
    },
  },
});
