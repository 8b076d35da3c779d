// Who this browser is: an id of random bits, and only with consent.

import { asksFirst, config, post } from "./server.js";
import { keep, kept, newId } from "./storage.js";

let consent = kept("consent", "local");

const write = (id) => {
  keep("visitor", id, "local");
  document.cookie = `tsugite_visitor=${id};path=/;samesite=lax;max-age=${id ? 34560000 : 0}` +
    (config.domain ? ";domain=" + config.domain : "") + (location.protocol == "https:" ? ";secure" : "");
};

const read = () => document.cookie.match(/tsugite_visitor=([\w-]+)/)?.[1] || kept("visitor", "local");

const isAllowed = () =>
  consent ? consent == "grant" : !asksFirst && !navigator.globalPrivacyControl && config.consent == "not_required";

/** The visitor's id, or the given one from now on; nothing without consent. The cookie and the storage heal each other. */
export const visitor = (given) => {
  if (!isAllowed()) return;
  const id = given || read() || newId();
  write(id);
  return id;
};

export const forget = () => {
  const id = read();
  write("");
  if (id) post("forget", { visitor: id }).catch(() => {});
};

export const decide = (choice) => {
  consent = choice;
  keep("consent", choice, "local");
  if (choice == "deny") forget();
};
