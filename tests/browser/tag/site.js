// A customer's website: pages with a strict CSP and the tag, and a note of every request that the page itself makes.

import { createServer } from "node:http";

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

export const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);

/** Answers of routes. */
export const redirect = (location, status = 303) => ({ status, headers: { location } });
export const json = (value, status = 200) => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
export const page = (body, { script = "", title = "お問い合わせ", head = "", status = 200, tag = true } = {}) => ({ status, page: { body, script, title, head, tag } });

/** Ports of earlier sites: what was recognised on one of them is kept, so none of them may be a site again. */
const used = new Set();

/** The fields of a request of a form. */
export const fields = (request) => Object.fromEntries(new URLSearchParams(request.body));

/**
 * Starts a site. Routes are answers or functions of a request by "METHOD /path". `tag` gives the line that is pasted,
 * or "" for the same site without the tag.
 */
export async function startSite(routes, { tag, host = "127.0.0.1" }) {
  const scripts = [];
  const requests = [];
  const render = ({ body, script, title, head, tag: tagged }) => {
    let own = "";
    if (script) {
      let place = scripts.indexOf(script);
      if (place < 0) place = scripts.push(script) - 1;
      own = `<script defer src="/own-${place}.js"></script>`;
    }
    return `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${head}` +
      `${tagged ? tag.line : ""}</head><body>${body}${own}</body></html>`;
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, site.origin);
    const body = await bodyOf(request);
    const own = url.pathname.match(/^\/own-(\d+)\.js$/);
    if (own) {
      response.writeHead(200, { "content-type": "text/javascript" }).end(scripts[own[1]]);
      return;
    }
    requests.push({
      method: request.method, path: url.pathname + url.search,
      body: body.replace(/-{4,}\w*[bB]oundary\w+|-{20,}\w+/g, "boundary"),
    });
    const route = routes[`${request.method} ${url.pathname}`];
    let answer = typeof route == "function" ? await route({ body, url, request, site }) : route;
    if (answer === null) return request.socket.destroy();
    answer ??= { status: 404, body: "" };
    response.statusCode = answer.status ?? 200;
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    if (answer.page) {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader("content-security-policy",
        `default-src 'none'; script-src 'self' ${tag.origin}; connect-src 'self' ${tag.origin}; ` +
        `frame-src 'self' http://localhost:* https://*.typeform.com https://*.jotform.com https://tally.so https://*.hsforms.com; base-uri 'none'; require-trusted-types-for 'script'; style-src 'self'; img-src data:`);
    }
    response.end(answer.page ? render(answer.page) : answer.body ?? "");
  });
  const site = { requests, close: () => { server.closeAllConnections(); server.close(); } };
  do {
    if (server.listening) await new Promise((closed) => server.close(closed));
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  } while (used.has(server.address().port));
  used.add(server.address().port);
  site.origin = `http://${host}:${server.address().port}`;
  return site;
}
