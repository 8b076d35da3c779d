// The tag on a customer's page: it recognises when a form has been submitted, reports it, and opens what is offered.

import { judge, reported } from "./attempts.js";
import "./capture.js";
import { configFor } from "./config.js";
import { flush } from "./entry.js";
import { offer, on, open } from "./offer.js";
import { asksFirst } from "./script.js";
import "./vendors.js";
import { decide, forget } from "./visitor.js";

const COMMANDS = {
  consent: (choice) => decide(choice),
  on,
  open: (page) => open({ page }),
  submit: (values, form) => reported(values, form, "api"),
  forget,
};

const start = () => {
  if (!asksFirst) configFor();
  const queue = window.tsugite?.q || [];
  window.tsugite = (command, ...rest) => COMMANDS[command]?.(...rest);
  queue.forEach((call) => window.tsugite(...call));
  judge();
  flush();
  offer();
};

if (document.readyState == "loading") addEventListener("DOMContentLoaded", start);
else start();
