// Builds web/dist: content-hashed files and manifest.json. The same sources give the same bytes on every machine.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { each, filesOf, folders, web } from "./folders.mjs";

const dist = join(web, "dist");
const ownScripts = () => folders.flatMap((folder) => filesOf(folder, ".page.ts"));

// One script and one style for all pages: the main.ts and the main.css of every folder that has one. What few pages need
// is a <name>.page.ts, a script of its own that the folder's templates load: "<name>.js".
const own = Object.fromEntries(ownScripts().map((path) => [basename(path, ".page.ts"), `./${path}`]));
const collected = {
  "script.js": each("main.ts").map((path) => `import "./${path}";\n`).join(""),
  "style.css": each("main.css").map((path) => `@import "./${path}";\n`).join(""),
};
const collect = {
  name: "collect",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^collected\// }, ({ path }) => ({ path: path.slice("collected/".length), namespace: "collected" }));
    onLoad({ filter: /.*/, namespace: "collected" }, ({ path }) => ({
      contents: collected[path],
      loader: path.endsWith(".css") ? "css" : "js",
      resolveDir: web,
    }));
  },
};

const bundled = await build({
  absWorkingDir: web,
  entryPoints: { auth: "collected/script.js", "auth-style": "collected/style.css", ...own },
  plugins: [collect],
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  outdir: "out",
  // light-dark(), :has() and field-sizing stay as written: older browsers get the light theme and plain boxes.
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
  legalComments: "none",
});

const files = new Map();
for (const file of bundled.outputFiles) {
  files.set(file.path.endsWith(".css") ? "auth.css" : basename(file.path), file.contents);
}
for (const name of ["favicon.svg", "touch-icon.png"]) files.set(name, await readFile(join(web, "shared", name)));

await mkdir(dist, { recursive: true });
for (const old of await readdir(dist)) await rm(join(dist, old));
const manifest = {};
for (const name of [...files.keys()].sort()) {
  const contents = files.get(name);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const hashed = name.replace(/(\.[a-z]+)$/, `.${hash}$1`);
  manifest[name] = hashed;
  await writeFile(join(dist, hashed), contents);
}
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
