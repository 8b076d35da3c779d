// Stands in for the server until that has these addresses.
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";

const assets = new URL("../../../crates/web/assets/tag/", import.meta.url);

export async function startRecorder() {
  const entries = new Map();
  const configs = { forms: [], consent: "not_required" };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://x");
    let body = "";
    for await (const part of request) body += part;
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    if (url.pathname.startsWith("/tag")) {
      response.setHeader("content-type", "text/javascript");
      const file = new URL(url.pathname.split("/").pop().replace(/\.\w{16}\./, "."), assets);
      return response.end(existsSync(file) ? readFileSync(file) : "export const open = () => {};");
    }
    const say = (value) => { response.setHeader("content-type", "application/json"); response.end(JSON.stringify(value)); };
    if (url.pathname.endsWith("/config")) {
      response.setHeader("cache-control", "private, max-age=300");
      return say({ token: "t", mode: "off", watch: false, parameters: ["utm_source"], domain: null, dialog: "/tag/dialog.js", fields: "/tag/fields.js", ...configs });
    }
    if (url.pathname.endsWith("/entries")) {
      const entry = JSON.parse(body);
      const rank = { failed: 1, unknown: 1, attempt: 1, likely: 2, confirmed: 3 };
      const old = entries.get(entry.id);
      if (!old || rank[entry.grade] > rank[old.grade] || entry.revision > old.revision) entries.set(entry.id, entry);
      return say({ stored: true, then: /likely|confirmed/.test(entry.grade) && entry.values.email ? { handle: "h", expires: 600, page: "a/b", days: [], texts: {} } : null });
    }
    say({});
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    key: "tsp_test",
    configure: async (more) => Object.assign(configs, { forms: [], consent: "not_required" }, more, { forms: (more.forms ?? []).map((one, id) => ({ id: `f${id}`, on: true, ...one })) }),
    conversions: async () => [...entries.values()],
    reset: () => entries.clear(),
    close: () => server.close(),
  };
}
