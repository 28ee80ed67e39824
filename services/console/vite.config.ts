// Builds the page into dist/, which the console serves.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Everything lies in files of our own: nothing inline, so that the strictest content security policy holds.
export default defineConfig({
  root: new URL('page', import.meta.url).pathname,
  base: './',
  plugins: [react()],
  build: {
    outDir: new URL('dist', import.meta.url).pathname,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
