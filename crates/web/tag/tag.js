// The tag on a customer's page: it recognises when a form has been submitted, reports it, and opens what is offered.

import { judge, reported } from "./attempts.js";
import "./capture.js";
import { loadFields } from "./modules.js";
import { offer, on, open } from "./offer.js";
import { listen } from "./page.js";
import { flush } from "./report.js";
import { asksFirst, configFor, post, server, site } from "./server.js";
import { keep, kept } from "./storage.js";
import { decide, forget, visitor } from "./visitor.js";

// A frame of another service may say that its form was sent.
listen("message", (event) => {
  if (/submi|Tally|tsugite/.test(JSON.stringify(event.data))) loadFields().then((fields) => fields.message(event, reported));
});

/** Asks whether something is offered to this visitor here. */
const visit = async () => {
  const { watch, token } = await configFor() || {};
  const id = watch && visitor();
  if (!id) return;
  const began = kept("session") || Date.now();
  keep("session", began);
  const answer = await post("visits", {
    visitor: id, token, url: location.href, language: document.documentElement.lang, seconds: (Date.now() - began) / 1000 | 0,
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
  if (document.querySelector("[data-tsugite-form]") || kept("inspector") || /tsugite=/.test(location)) loadFields().then((fields) => fields.start(server, site));
  flush();
  judge();
  offer();
  if (!asksFirst) visit().catch(() => {});
};

if (document.prerendering) listen("prerenderingchange", start, document);
else if (document.readyState == "loading") listen("DOMContentLoaded", start);
else start();
