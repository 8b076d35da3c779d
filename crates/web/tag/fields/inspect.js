// What an admin's inspector on this page needs. It opens by a signed link and stays in this tab until somebody closes it
// or the link is over.

import { mapped, mappedForm, recogniseAll } from "./entry.js";
import { reportsTo } from "./reports.js";
import { recognise } from "./recognise.js";
import { textsOf } from "./texts.js";

const KEY = "tsugite.inspector";

/** The token of the link, taken out of the address so that the page passes it on to nobody. */
const takeToken = () => {
  const [, given] = location.hash.match(/^#tsugite=([^&]+)/) || [];
  if (!given) return JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.setItem(KEY, JSON.stringify(decodeURIComponent(given)));
  history.replaceState(history.state, "", location.href.split("#")[0]);
  return decodeURIComponent(given);
};

/** Opens it if somebody came with a link. */
export const inspect = async (server, site) => {
  const tsugite = takeToken();
  if (!tsugite) return;
  const ask = (path, body) =>
    fetch(site + path, { method: "POST", credentials: "omit", body: JSON.stringify({ tsugite, ...body }) });
  const answer = await ask("inspector", { path: location.pathname });
  const told = await answer.json();
  if (!answer.ok) sessionStorage.removeItem(KEY);
  if (!told.module) return;
  const { open } = await import(server + told.module);
  open(told, {
    ask, server, mappedForm, recognise, recogniseAll, textsOf, reportsTo,
    /** Uses mappings that were just saved, here and on pages that come: an answer of before is kept for minutes. */
    use: (forms) => {
      mapped.forms = forms;
      fetch(`${site}config?path=${encodeURIComponent(location.pathname)}`, { credentials: "omit", cache: "reload" }).catch(() => {});
    },
    forget: () => sessionStorage.removeItem(KEY),
  });
};
