// The server: where it is, what it wants on a page, and how it is told something.

// A tag manager inserts the script without `data-` attributes, and then no script is the current one either.
const script = document.currentScript || document.querySelector('script[src*="/tag.js"],script[src*="/tag/"]');
const source = new URL(script.src);

export const asksFirst = script.dataset.consent == "required";
/** The server, or the path of the customer's own site that leads to it. */
export const server = source.href.replace(/\/tag[./].*/, "");
export const site = `${server}/site/${script.dataset.key || source.searchParams.get("k")}/`;

const asked = {};
/** The latest configuration that has come. */
export let config = {};

/** The configuration of a path, asked for once. */
export const configFor = (path = location.pathname) =>
  asked[path] ||= fetch(site + "config?path=" + encodeURIComponent(path), { credentials: "omit" })
    .then((answer) => answer.json())
    .then((told) => (config = told))
    .catch(() => { asked[path] = 0; });

/** Tells the server something by a request that outlives the page, and that no browser asks permission for first. */
export const post = (path, body) =>
  fetch(site + path, { method: "POST", body: JSON.stringify(body), keepalive: true, credentials: "omit" });
