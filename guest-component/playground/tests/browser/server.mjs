/** A server of ours to test against, and one of somebody else's. */

import { spawn } from "node:child_process";
import { createServer } from "node:http";

/** How long a server may take to start, in milliseconds. */
const START_MS = 60_000;

/** Starts `belljar serve` on a free port; gives its address, that of its metrics, and how to end it. */
export async function belljar() {
  const { BELLJAR_BIN, BELLJAR_URL } = process.env;
  if (BELLJAR_URL) return { url: BELLJAR_URL.replace(/\/$/, ""), stop: () => undefined };
  if (!BELLJAR_BIN) {
    throw new Error("name the server: BELLJAR_BIN (the belljar binary), or BELLJAR_URL of one that runs");
  }
  const server = spawn(BELLJAR_BIN, ["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const addresses = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${said}`)), START_MS);
    const listen = (piece) => {
      said += piece;
      const url = /^Belljar listens on (http:\S+)/m.exec(said)?.[1];
      const metrics = /^Metrics are at (http:\S+)\s/m.exec(said)?.[1];
      if (url && metrics) {
        clearTimeout(timer);
        resolve({ url, metrics });
      }
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return { ...addresses, stop: () => void server.kill("SIGTERM") };
}

/** Serves one page from another origin, as a course site would; notes every path that is asked for. */
export async function elsewhere(html) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${server.address().port}/`, asked, stop: () => server.close() };
}
