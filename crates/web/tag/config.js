// What the server wants on a page: the token, the mapped forms, whether consent is needed.

import { site } from "./script.js";

const asked = {};
const loaded = {};

/** The configuration for a path when it is there already. */
export const configNow = (path) => loaded[path];

export const configFor = (path = location.pathname) =>
  asked[path] ||= fetch(site + "/config?path=" + encodeURIComponent(path), { credentials: "omit" })
    .then((answer) => answer.json())
    .then((config) => (loaded[path] = config))
    .catch(() => { asked[path] = 0; });
