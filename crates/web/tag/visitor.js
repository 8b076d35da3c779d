// Who this browser is: an id of random bits, and only with consent.

import { configNow } from "./config.js";
import { asksFirst, site } from "./script.js";
import { newId } from "./storage.js";

const NAME = "tsugite_visitor";
const store = (key, value) => {
  try {
    if (value) localStorage.setItem("tsugite." + key, value);
    else localStorage.removeItem("tsugite." + key);
    return localStorage.getItem("tsugite." + key);
  } catch {}
};
const stored = (key) => {
  try {
    return localStorage.getItem("tsugite." + key);
  } catch {}
};

const writeCookie = (value, age) => {
  const domain = configNow(location.pathname)?.domain;
  document.cookie = `${NAME}=${value};path=/;max-age=${age};samesite=lax` + (domain ? ";domain=" + domain : "") + (location.protocol == "https:" ? ";secure" : "");
};

let consent = stored("consent");

export const isAllowed = () =>
  consent == "grant" || !consent && !asksFirst && !navigator.globalPrivacyControl && configNow(location.pathname)?.consent == "not_required";

/** Either place heals the other one. */
export const known = () => isAllowed() && ((document.cookie.match(NAME + "=([\\w-]+)") || [])[1] || stored("visitor"));

export const adopt = (id) => {
  if (!id || !isAllowed()) return;
  store("visitor", id);
  writeCookie(id, 34560000);
};

/** The visitor's id, made when there is none yet; nothing without consent. */
export const visitor = () => {
  const id = isAllowed() ? known() || newId() : undefined;
  adopt(id);
  return id;
};

export const forget = () => {
  const id = (document.cookie.match(NAME + "=([\\w-]+)") || [])[1] || stored("visitor");
  store("visitor");
  writeCookie("", 0);
  if (id) fetch(site + "/forget", { method: "POST", body: JSON.stringify({ visitor: id }), keepalive: true, credentials: "omit" }).catch(() => {});
};

export const decide = (choice) => {
  consent = choice;
  store("consent", choice);
  if (choice == "deny") forget();
};
