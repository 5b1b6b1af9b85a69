// What tsc cannot see: templates that would break the page's policy, strings that are missing or unused, sizes over budget.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { each, filesOf, folders, read, shared, web } from "./folders.mjs";

const problems = [];
const complain = (file, text) => problems.push(`${file}: ${text}`);

const templates = folders.flatMap((folder) => filesOf(folder, ".html"));
const folderOf = (file) => file.split("/")[0];
const nameOf = (file) => file.split("/").slice(1).join("/").replace(".html", "");

// Strings that only the server uses; web/README.md lists them.
const serverKeys = [/^errors\./, /^date\./, /^month\./, /^device\./, /^event\./, /^shown\./, /^activity\.times\./, /^field\.(dob|tracking|exercise|coins)$/, /^account_sessions\.confirm_others\./, /^problem\./, /^said\./, /^wait\./, /^nav\./, /^card\./, /^error_code\.advice\./, /^method\./, /^code_how\./, /^signin_verify\.trust\./, /^account_security\.factor_left\./, /^account_recovery_codes\.left\./, /^error_list\.classic$/, /^account_delete\.uid$/, /^signin\.forgot_ask$/, /^letter\./, /\.title$/];

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

/** A feature uses what is shared and what is its own, or taking out another one would break its pages. */
function lintOwner(file, what, owner) {
  if (owner !== undefined && owner !== shared && owner !== folderOf(file)) complain(file, `uses ${what} of ${owner}`);
}

function lintTemplates(strings, owners) {
  const used = new Set();
  const parts = new Map(templates.map((file) => [nameOf(file), folderOf(file)]));
  for (const file of templates) {
    const text = read(file);
    for (const [, part] of text.matchAll(/\{\{> (\w+)\}\}/g)) lintOwner(file, `the part ${part}`, parts.get(`parts/${part}`));
    for (const [pattern, why] of forbidden) if (pattern.test(text)) complain(file, why);
    const forms = text.match(/<form\b/g)?.length ?? 0;
    const tokens = text.match(/\{\{> token\}\}|name="csrf"/g)?.length ?? 0;
    if (forms > 0 && tokens < forms) complain(file, "has a form without its token");
    for (const [, id] of text.matchAll(/<label for="([^"]+)"/g)) if (!text.includes(`id="${id}"`)) complain(file, `label for ${id} has no input`);
    for (const [, ids] of text.matchAll(/aria-describedby="([^"]+)"/g)) {
      for (const id of ids.split(" ")) if (!text.includes(`id="${id}"`)) complain(file, `describes by ${id}, which is not there`);
    }
    const page = nameOf(file).startsWith("parts/") ? null : nameOf(file);
    for (const [, key] of text.matchAll(/\{\{\s*t\.([\w.@]+)\s*\}\}/g)) {
      const keys = key.startsWith("@.") ? (page ? [page] : Object.keys(strings).map((name) => name.split(".")[0])).map((name) => name + key.slice(1)) : [key];
      for (const one of keys) {
        used.add(one);
        if (!key.startsWith("@.")) lintOwner(file, `the string ${one}`, owners.get(one));
      }
      if (!key.startsWith("@.") && !(key in strings)) complain(file, `string ${key} does not exist`);
    }
  }
  for (const key of Object.keys(strings)) {
    if (!used.has(key) && !serverKeys.some((pattern) => pattern.test(key))) complain(`${owners.get(key)}/strings/en.json`, `${key} is not used`);
  }
}

function flatten(value, prefix = "", out = {}) {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") out[prefix + key] = inner;
    else flatten(inner, `${prefix}${key}.`, out);
  }
  return out;
}

/** All strings in one, and the folder of each. */
function collectStrings() {
  const strings = {};
  const owners = new Map();
  for (const path of each("strings/en.json")) {
    for (const [key, text] of Object.entries(flatten(JSON.parse(read(path))))) {
      if (key in strings) complain(path, `${key} is in ${owners.get(key)}/strings/en.json too`);
      strings[key] = text;
      owners.set(key, folderOf(path));
    }
  }
  return [strings, owners];
}

// What only whoever writes a client or runs the server reads; it stays English.
const developers = [/^error_code\.advice\./, /^error_list\.classic$/, /^mailbox\./, /^mailbox_letter\./];

/** "one", "other" …: the forms that a language has for a number. A page never counts to a million, where "many" of the Romance languages begins. */
function pluralForms(tag) {
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  const rules = new Intl.PluralRules(tag);
  return new Set(numbers.map((n) => rules.select(n)));
}

/** The keys that a language must have: those of the English strings, with the language's own plural forms. */
function keysIn(tag, strings) {
  const keys = new Set();
  const forms = pluralForms(tag);
  for (const key of Object.keys(strings).filter((name) => !developers.some((pattern) => pattern.test(name)))) {
    const stem = key.replace(/\.(one|other)$/, "");
    if (stem === key) keys.add(key);
    else for (const form of forms) keys.add(`${stem}.${form}`);
  }
  return keys;
}

/** The variables of a text: "{{count}}", "%d". Where a form stands for one number, its words may say it. */
const variables = (text) => (text.match(/\{\{[\w.]+\}\}|%d/g) ?? []).sort();
const saysItsNumber = /\.(zero|one|two)$/;

function lintText(path, key, text, english) {
  if (text.trim() === "") complain(path, `${key} is empty`);
  const wanted = new Set(variables(english));
  const found = new Set(variables(text));
  for (const name of found) if (!wanted.has(name)) complain(path, `${key} has ${name}, which the English text has not`);
  for (const name of wanted) {
    if (!found.has(name) && !(name === "{{count}}" && saysItsNumber.test(key))) complain(path, `${key} has no ${name}`);
  }
}

/** A translation, strings/<tag>.json, says what the English beside it says, no less and no more. */
function lintTranslations(tags) {
  for (const english of each("strings/en.json")) {
    const strings = flatten(JSON.parse(read(english)));
    for (const tag of tags) {
      const path = `${dirname(english)}/${tag}.json`;
      const wanted = keysIn(tag, strings);
      if (!existsSync(join(web, path))) {
        if (wanted.size > 0) complain(path, "is missing");
        continue;
      }
      const other = flatten(JSON.parse(read(path)));
      for (const key of wanted) if (!(key in other)) complain(path, `${key} is missing`);
      for (const [key, text] of Object.entries(other)) {
        if (wanted.has(key)) lintText(path, key, text, strings[key] ?? strings[key.replace(/\.\w+$/, ".other")]);
        else complain(path, `${key} is not in ${english}`);
      }
    }
    for (const path of filesOf(dirname(english), ".json")) {
      if (path !== english && !tags.some((tag) => path.endsWith(`/${tag}.json`))) complain(path, "is no language of src/page/language.cpp");
    }
  }
}

/** The languages of the program, besides English. */
function translations() {
  const source = readFileSync(join(web, "../src/page/language.cpp"), "utf8");
  return [...source.matchAll(/\.tag = "([\w-]+)"/g)].map(([, tag]) => tag).filter((tag) => tag !== "en");
}

function lintScripts() {
  for (const file of folders.flatMap((folder) => filesOf(folder, ".ts"))) {
    const text = read(file);
    if (/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(text)) complain(file, "builds HTML or code from text");
    if (/https?:\/\//.test(text)) complain(file, "names another origin");
    for (const [, folder] of text.matchAll(/from "\.\.\/(\w+)\//g)) lintOwner(file, "a script", folder);
  }
}

const budgets = { "auth.css": 6, "auth.js": 5 };  // kB, compressed
const firstWindow = 14;                           // one TCP window: page, style and script of an auth page

/** A template with its parts filled in, as the program does at start; `{{> page}}` of the layout is none. */
function withParts(text) {
  return text.replace(/\{\{> (\w+)(\*?)\}\}/g, (_, name, more) => templates
    .filter((file) => nameOf(file) === `parts/${name}` || (more && nameOf(file).startsWith(`parts/${name}`)))
    .map((file) => withParts(read(file))).join(""));
}

function lintSizes() {
  const manifest = JSON.parse(read("dist/manifest.json"));
  const size = (text) => gzipSync(text, { level: 9 }).length / 1024;
  let always = 0;
  for (const [name, file] of Object.entries(manifest)) {
    const kilobytes = size(readFileSync(join(web, "dist", file)));
    if (name in budgets) always += kilobytes;
    if (name in budgets && kilobytes > budgets[name]) complain(name, `${kilobytes.toFixed(1)} kB, over ${budgets[name]}`);
  }
  const frame = read(`${shared}/layout.html`);
  for (const page of ["login/signin.html", "signup/signup.html", "login/reauth.html"]) {
    const kilobytes = always + size(withParts(frame + read(page)));
    if (kilobytes > firstWindow) complain(page, `${kilobytes.toFixed(1)} kB in all, over ${firstWindow}`);
  }
  console.log(`shared style and script: ${always.toFixed(1)} kB compressed`);
}

const [strings, owners] = collectStrings();
lintTemplates(strings, owners);
lintTranslations(translations());
lintScripts();
lintSizes();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
