// Bundles src/ into dist/: one style sheet, one small script, charts in a chunk that only pages with charts load.
import { build } from "esbuild";
import { readdirSync, rmSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { app: "src/app.ts", style: "src/bundle.css" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: ["es2022", "chrome110", "firefox115", "safari16"],
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "linked",
  // A brace that is missing would silently take the rest of the style sheet with it.
  logOverride: { "css-syntax-error": "error" },
});

// What the first view of a page transfers, the typeface in its two subsets and weights included.
const first = readdirSync("dist").filter((n) => /^(app\.js|style\.css)$/.test(n) || /(latin|vietnamese)-(400|600).*woff2$/.test(n));
const size = (name) => {
  const path = `dist/${name}`;
  return name.endsWith(".woff2") ? statSync(path).size : gzipSync(readFileSync(path)).length;
};
const total = first.reduce((sum, name) => sum + size(name), 0);
console.log(`web/dist: first view ${Math.round(total / 1024)} KB of script, style and typeface (budget 250)`);
if (total > 250 * 1024) process.exit(1);
