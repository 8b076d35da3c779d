// Forms of others that say by themselves what became of a submission.

import { settle } from "./attempts.js";
import { all, isForm, nearest } from "./page.js";

const EVENTS = {
  wpcf7mailsent: "confirmed", wpcf7mailfailed: "likely", wpcf7invalid: "failed", wpcf7spam: "failed", wpcf7unaccepted: "failed",
  "smf.complete": "confirmed", "smf.invalid": "failed", "smf.confirm": "",
};

for (const name in EVENTS) {
  addEventListener(name, ({ target }) => settle(isForm(target) ? target : all(target, "form")[0], EVENTS[name], name), true);
}

addEventListener("turbo:submit-end", ({ target, detail }) => settle(target, detail.success ? "confirmed" : "failed", "turbo"), true);
