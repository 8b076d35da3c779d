// The tag on a customer's page: it recognises when a form has been submitted, reports it, and opens what is offered.

import { judge, reported, settle } from "./attempts.js";
import "./capture.js";
import { offer, on, open } from "./offer.js";
import { listen } from "./page.js";
import { flush } from "./report.js";
import { asksFirst, configFor, post } from "./server.js";
import { keep, kept, newId } from "./storage.js";
import { decide, forget, visitor } from "./visitor.js";

// Plugins of which some say only by their event what has happened.
const EVENTS = {
  wpcf7mailsent: "confirmed", wpcf7mailfailed: "likely", wpcf7invalid: "failed", wpcf7spam: "failed", wpcf7unaccepted: "failed",
  "smf.complete": "confirmed", "smf.invalid": "failed", "smf.confirm": "",
};
for (const name in EVENTS) listen(name, (event, target) => settle(target.closest("form") || target.querySelector("form"), EVENTS[name], name));

/** Asks whether something is offered to this visitor here. */
const visit = async () => {
  const { watch, token } = await configFor() || {};
  const id = watch && visitor();
  if (!id) return;
  const session = kept("session") || { id: newId(), at: Date.now() };
  keep("session", session);
  const answer = await post("visits", {
    visitor: id, token, url: location.href, session: session.id, seconds: Math.round((Date.now() - session.at) / 1000),
  });
  offer((await answer.json()).then);
};

const COMMANDS = {
  consent: (choice) => {
    decide(choice);
    if (choice == "grant") visit();
  },
  submit: reported, on, open, forget,
};

const start = () => {
  const queue = window.tsugite?.q || [];
  window.tsugite = (command, ...rest) => COMMANDS[command]?.(...rest);
  queue.forEach((call) => window.tsugite(...call));
  judge();
  flush();
  offer();
  if (!asksFirst) visit().catch(() => {});
};

if (document.readyState == "loading") listen("DOMContentLoaded", start);
else start();
