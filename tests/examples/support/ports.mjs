// Ports of this machine.
import { connect, createServer } from "node:net";

export const freePort = () => new Promise((resolve) => {
  const listener = createServer().listen(0, "127.0.0.1", () => {
    const { port } = listener.address();
    listener.close(() => resolve(port));
  });
});

const accepts = (host, port) => new Promise((resolve) => {
  const socket = connect(port, host, () => {
    socket.destroy();
    resolve(true);
  });
  socket.once("error", () => resolve(false));
});

/** Waits until somebody listens there, by IPv4 or IPv6. */
export async function listens(port) {
  for (let tries = 0; tries < 600; tries++) {
    if (await accepts("127.0.0.1", port) || await accepts("::1", port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on port ${port}`);
}
