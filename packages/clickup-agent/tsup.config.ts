import { defineConfig } from 'tsup'

/**
 * Everything is bundled: `dist` runs with nothing but a node binary beside it. What is imported lazily (mongodb, openai,
 * undici) becomes a file of its own: it is parsed only when used, and a deploy that changes our code does not send it again.
 */
export default defineConfig({
  entry: ['src/server.ts'],
  format: 'esm',
  target: 'node22',
  platform: 'node',
  noExternal: [/.*/],
  splitting: true,
  // Not minified: it starts as fast, and the traces in the log can be read.
  // `node:sqlite` exists only under its full name.
  removeNodeProtocol: false,
  clean: true,
  // CommonJS packages (pino, mongodb) ask for Node's modules with require(), which an ES module does not have by itself.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
