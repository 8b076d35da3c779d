// Where this script came from and which workspace it belongs to.

// A tag manager inserts the script without `data-` attributes, and then no script is the current one either.
const script = document.currentScript || document.querySelector('script[src*="/tag.js"],script[src*="/tag/"]');
const source = new URL(script.src);

export const asksFirst = script.dataset.consent == "required";
/** The server, or the path of the customer's own site that leads to it. */
export const server = source.href.replace(/\/tag\b[^]*/, "");
export const site = server + "/site/" + (script.dataset.key || source.searchParams.get("k"));
