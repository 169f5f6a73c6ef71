import {fileURLToPath} from 'node:url';
import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));
/** What `npm run web` shows the pages of: any registry. */
const registry = process.env.HOLDFAST_URL ?? 'https://localhost:5000';

export default defineConfig({
  root: pathOf('.'),
  // Wherever a proxy puts it: the document says where that is.
  base: './',
  plugins: [react()],
  resolve: {
    alias: {
      // What its authors have for browsers asks for a document, which workers have none of.
      'decode-named-character-reference': fileURLToPath(
        import.meta.resolve('decode-named-character-reference'),
      ),
    },
  },
  build: {
    outDir: pathOf('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the pages allows no data: but for pictures.
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
  server: {
    port: 5173,
    proxy: {'^/(?:api|auth|v2)/': {target: registry, secure: false, changeOrigin: true}},
  },
});
