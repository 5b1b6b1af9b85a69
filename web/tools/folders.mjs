// Which folders hold what the browser gets: `shared`, and one for each feature that has pages, strings, scripts or styles.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const web = fileURLToPath(new URL("..", import.meta.url));
export const shared = "shared";
export const read = (path) => readFileSync(join(web, path), "utf8");

const others = new Set([shared, "dist", "node_modules", "tools"]);
const features = readdirSync(web, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !others.has(entry.name))
  .map((entry) => entry.name)
  .sort();

/** What is shared comes first: its styles are what the features' own refine. */
export const folders = [shared, ...features];

/** The paths of a folder's files with this ending, and those of its parts: "note/note_edit.html". */
export function filesOf(folder, ending) {
  const inside = [folder, `${folder}/parts`].filter((path) => existsSync(join(web, path)));
  return inside.flatMap((path) => readdirSync(join(web, path)).filter((file) => file.endsWith(ending)).sort().map((file) => `${path}/${file}`));
}

/** The file of this name in each folder that has it. */
export function each(name) {
  return folders.map((folder) => `${folder}/${name}`).filter((path) => existsSync(join(web, path)));
}
