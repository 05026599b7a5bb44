/** How the dashboard is built: into dist/dashboard, hashed, with a brotli twin of each asset. */
import { brotliCompressSync, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Smaller ones gain nothing. */
const COMPRESSED_BYTES_MIN = 1024;

/** The server sends the twin to who takes brotli, and never compresses by itself. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    enforce: "post",
    // After the others: what they still change would be missing in the twin.
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [fileName, output] of Object.entries(bundle)) {
          const source = Buffer.from(output.type === "chunk" ? output.code : output.source);
          if (!/^assets\/.*\.(?:js|css|svg)$/.test(fileName) || source.length < COMPRESSED_BYTES_MIN) continue;
          const params = {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
          };
          this.emitFile({ type: "asset", fileName: `${fileName}.br`, source: brotliCompressSync(source, { params }) });
        }
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  publicDir: false,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/dashboard",
    emptyOutDir: true,
    target: "es2022",
    // Those that know light-dark(): its replacement for older ones does not follow an element's own color-scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [precompress()],
});
