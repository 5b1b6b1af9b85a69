// A fresh server per test file: its own folder, its own port, gone afterwards.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = process.env.CARDEA_BIN ?? join(root, "build/release/cardea");
const patience = 20_000; // ms, until the banner

/** Starts `cardea dev`, with settings as variables of the environment, and waits for the line of its banner that says where it is. */
export async function startServer(settings = {}) {
  const data = mkdtempSync(join(tmpdir(), "cardea-e2e-"));
  const child = spawn(program, ["dev", "--listen", "127.0.0.1:0", "--data", data], { cwd: data, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...settings } });
  let output = "";
  const origin = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no banner within ${patience} ms:\n${output}`)), patience);
    const listen = (chunk) => {
      output += chunk;
      const banner = output.match(/Open\s+(http:\/\/[^\s/]+)/);
      if (!banner) return;
      clearTimeout(late);
      resolve(banner[1]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${output}`)));
  });
  return {
    origin,
    output: () => output,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
