// What tsc cannot see: templates that would break the page's policy, strings that are missing or unused, sizes over budget.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const web = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => readFileSync(join(web, path), "utf8");
const problems = [];
const complain = (file, text) => problems.push(`${file}: ${text}`);

const templates = readdirSync(join(web, "pages"), { recursive: true }).filter((file) => file.endsWith(".html"));

// Strings that only the server uses; web/pages/README.md lists them.
const serverKeys = [/^errors\./, /^problem\./, /^said\./, /^wait\./, /^error_code\.advice\./, /^method\./, /^account_delete\.uid$/, /\.title$/];

const forbidden = [
  [/\{\{\s*[{&=]/, "prints unescaped"],
  [/<script(?![^>]*\bsrc=)/i, "has an inline script"],
  [/<style\b/i, "has an inline style sheet"],
  [/\sstyle\s*=/i, "has a style attribute"],
  [/\son[a-z]+\s*=/i, "has an event attribute"],
  [/\b(?:href|src|action)\s*=\s*["']?(?:https?:|\/\/|javascript:)/i, "leads to another origin"],
  [/=\s*(?:'|\{\{)/, "has a value outside double quotes"],
  [/<(?:img)(?![^>]*\balt=)/i, "has a picture without alt"],
  [/<form\b(?![^>]*\bmethod="post")/i, "has a form that is not a post"],
];

function lintTemplates(strings) {
  const used = new Set();
  for (const file of templates) {
    const text = read(join("pages", file));
    for (const [pattern, why] of forbidden) if (pattern.test(text)) complain(file, why);
    const forms = text.match(/<form\b/g)?.length ?? 0;
    const tokens = text.match(/\{\{> token\}\}|name="csrf"/g)?.length ?? 0;
    if (forms > 0 && tokens < forms) complain(file, "has a form without its token");
    for (const [, id] of text.matchAll(/<label for="([^"]+)"/g)) if (!text.includes(`id="${id}"`)) complain(file, `label for ${id} has no input`);
    for (const [, ids] of text.matchAll(/aria-describedby="([^"]+)"/g)) {
      for (const id of ids.split(" ")) if (!text.includes(`id="${id}"`)) complain(file, `describes by ${id}, which is not there`);
    }
    const page = file.includes("/") ? null : file.replace(".html", "");
    for (const [, key] of text.matchAll(/\{\{\s*t\.([\w.@]+)\s*\}\}/g)) {
      const keys = key.startsWith("@.") ? (page ? [page] : Object.keys(strings).map((name) => name.split(".")[0])).map((name) => name + key.slice(1)) : [key];
      for (const each of keys) used.add(each);
      if (!key.startsWith("@.") && !(key in strings)) complain(file, `string ${key} does not exist`);
    }
  }
  for (const key of Object.keys(strings)) {
    if (!used.has(key) && !serverKeys.some((pattern) => pattern.test(key))) complain("locales/en.json", `${key} is not used`);
  }
}

function flatten(value, prefix = "", out = {}) {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") out[prefix + key] = inner;
    else flatten(inner, `${prefix}${key}.`, out);
  }
  return out;
}

function lintLocales(strings) {
  for (const file of readdirSync(join(web, "locales"))) {
    const other = flatten(JSON.parse(read(join("locales", file))));
    for (const key of Object.keys(strings)) if (!(key in other)) complain(file, `${key} is missing`);
    for (const key of Object.keys(other)) if (!(key in strings)) complain(file, `${key} is not in en.json`);
  }
}

function lintScripts() {
  for (const file of readdirSync(join(web, "auth"))) {
    const text = read(join("auth", file));
    if (/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(text)) complain(file, "builds HTML or code from text");
    if (/https?:\/\//.test(text)) complain(file, "names another origin");
  }
}

const budgets = { "auth.css": 5, "auth.js": 4 };  // kB, compressed
const firstWindow = 14;                           // one TCP window: page, style and script of an auth page

function lintSizes() {
  const manifest = JSON.parse(read("dist/manifest.json"));
  const size = (text) => gzipSync(text, { level: 9 }).length / 1024;
  let shared = 0;
  for (const [name, file] of Object.entries(manifest)) {
    const kilobytes = size(readFileSync(join(web, "dist", file)));
    if (name in budgets) shared += kilobytes;
    if (name in budgets && kilobytes > budgets[name]) complain(name, `${kilobytes.toFixed(1)} kB, over ${budgets[name]}`);
  }
  const frame = read("pages/layout.html") + templates.filter((file) => file.startsWith("parts/")).map((file) => read(join("pages", file))).join("");
  for (const name of ["signin", "signup", "reauth"]) {
    const kilobytes = shared + size(frame + read(`pages/${name}.html`));
    if (kilobytes > firstWindow) complain(name, `${kilobytes.toFixed(1)} kB in all, over ${firstWindow}`);
  }
  console.log(`shared style and script: ${shared.toFixed(1)} kB compressed`);
}

const strings = flatten(JSON.parse(read("locales/en.json")));
lintTemplates(strings);
lintLocales(strings);
lintScripts();
lintSizes();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
