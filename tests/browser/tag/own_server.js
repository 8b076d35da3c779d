// A server of a story's own, which it may kill and start again on the same data.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "./server.js";

const freePort = () => new Promise((found) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
});

export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "tag-server-"));
  const [port, emulator] = [await freePort(), await freePort()];
  let program;
  const start = () => new Promise((ready, failed) => {
    program = spawn(process.env.DEMO_BINARY, [
      "demo", "--data", folder, "--listen", `127.0.0.1:${port}`, "--emulator-listen", `127.0.0.1:${emulator}`, "--speed", "1", "--bare",
    ], { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH, HOME: process.env.HOME, TSUGITE_TRUSTED_PROXIES: "127.0.0.1" } });
    let said = "";
    program.stdout.on("data", (text) => {
      said += text;
      if (/^ready /m.test(said)) ready();
    });
    program.on("error", failed);
    program.on("exit", () => failed(new Error(`the server ended: ${said}`)));
  });
  const kill = () => new Promise((ended) => {
    program.removeAllListeners("exit").on("exit", ended);
    program.kill("SIGKILL");
  });
  await start();
  const url = `http://127.0.0.1:${port}`;
  const server = await connect(url, readFileSync(join(folder, "api-key"), "utf8").trim());
  return {
    ...server, start, kill,
    async end() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}
