// A production server with its own folder, and the proxies of Debian before it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listens } from "./ports.mjs";

export const program = process.env.CARDEA_BIN ?? fileURLToPath(new URL("../../../build/release/cardea", import.meta.url));

/** A variable of who runs the tests would be a setting of the server. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CARDEA_")));

/** What `cardea <words>` printed; throws with all that it said when it ends with another code. */
export function cardea(words, { code = 0 } = {}) {
  try {
    const printed = execFileSync(program, words, { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    if (code === 0) return printed;
    throw Object.assign(new Error("it ended with 0"), { status: 0, stdout: printed, stderr: "" });
  } catch (problem) {
    if (problem.status === code && code !== 0) return problem.stdout + problem.stderr;
    throw new Error(`cardea ${words.join(" ")} ended with ${problem.status}:\n${problem.stdout}${problem.stderr}`);
  }
}

/** Starts a program and waits until `isThere`; `stop` ends it. */
export async function start(command, { folder, isThere }) {
  const child = spawn(command[0], command.slice(1), { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...environment, HOME: folder, CADDY_ADMIN: `unix/${folder}/admin.sock`, ...libraries } });
  let output = "";
  child.stdout.on("data", (chunk) => { output += chunk; });
  child.stderr.on("data", (chunk) => { output += chunk; });
  const ended = new Promise((resolve) => { child.once("exit", resolve); child.once("error", resolve); });
  const died = ended.then((code) => { throw new Error(`${command.join(" ")} ended with ${code}:\n${output}`); });
  died.catch(() => {});
  await Promise.race([isThere(), died]).catch((problem) => {
    child.kill("SIGKILL");
    throw new Error(`${problem.message}\n${output}`);
  });
  return {
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** HAProxy's libraries lie beside the program that was taken out of its package. */
const libraries = process.env.HAPROXY_LIBRARIES ? { LD_LIBRARY_PATH: process.env.HAPROXY_LIBRARIES } : {};

const answersAt = async (path) => {
  for (let tries = 0; tries < 600; tries++) {
    const answers = existsSync(path) && await new Promise((resolve) => {
      const socket = connect(path, () => { socket.destroy(); resolve(true); });
      socket.once("error", () => resolve(false));
    });
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens at ${path}`);
};

/** Waits for HOST:PORT or unix:PATH. */
export const listensAt = (place) => (place.startsWith("unix:") ? answersAt(place.slice(5)) : listens(Number(place.split(":").at(-1))));

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "cardea-proxy-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A certificate for *.localhost; HAProxy reads both from one file. */
export function makeCertificate(folder) {
  const [certificate, key, both] = ["c.pem", "c.key", "both.pem"].map((name) => join(folder, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,DNS:*.localhost", "-keyout", key, "-out", certificate], { stdio: "ignore" });
  writeFileSync(both, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"), { mode: 0o600 });
  return { certificate, key, both };
}

/** How each proxy of Debian is started with what `cardea proxy` printed into `file`, as it stands there. */
export const proxies = {
  nginx: {
    file: "nginx.conf",
    command(folder, file) {
      const whole = join(folder, "whole-nginx.conf");
      writeFileSync(whole, `events {}\nhttp {\n  access_log off;\n  include ${file};\n}\n`);
      return ["nginx", "-c", whole, "-e", "stderr", "-g", `daemon off; master_process off; pid ${folder}/pid;`];
    },
  },
  caddy: {
    file: "Caddyfile",
    command(folder, file) {
      // Beside other tests nobody has port 80.
      writeFileSync(file, readFileSync(file, "utf8").replace("\n{\n", "\n{\n\tauto_https disable_redirects\n"));
      return [process.env.CADDY_BIN ?? "caddy", "run", "--adapter", "caddyfile", "--config", file];
    },
  },
  haproxy: {
    file: "haproxy.cfg",
    command: (folder, file) => [process.env.HAPROXY_BIN ?? "haproxy", "-db", "-f", file],
  },
};
