// The events by which a page tells that a form is being sent. Nothing is ever prevented, delayed or sent again.

import { begin, overlay, press, reported, settle } from "./attempts.js";
import { sends } from "./look.js";
import { loadFields } from "./modules.js";
import { attribute, inputsOf, isForm, listen } from "./page.js";
import { report } from "./report.js";
import { config } from "./server.js";
import { isAddress } from "./snapshot.js";

/** When a `submit` was seen, by form. */
const seen = new WeakMap();

const submitted = (event, form) => {
  if (!isForm(form) || seen.get(form) == event.timeStamp) return;
  seen.set(form, event.timeStamp);
  const { submitter } = event;
  const watch = begin(form, submitter, "submit");
  // Only now have the page's own listeners decided whether the browser sends the form.
  if (watch) setTimeout(() => {
    watch.prevented = event.defaultPrevented;
    const action = submitter && attribute(submitter, "formaction") || attribute(form, "action");
    watch.away = new URL(action, document.baseURI).origin != location.origin || attribute(form, "target") == "_blank";
    if (!watch.prevented) report(watch.attempt, watch.away ? "attempt" : config.at_submit);
  });
};

listen("submit", submitted);

// Comes when `submit` was stopped, and for form.submit(); but also whenever anybody reads a form. Without a `submit` the
// difference is not a number, and so not less than any.
listen("formdata", (event, form) => {
  if (!(event.timeStamp - seen.get(form) < 1500) && navigator.userActivation?.isActive !== false) begin(form, 0, "formdata");
  overlay(form, event.formData);
});

// The browser really leaves. Its source tells of a form in a closed shadow tree.
listen("navigate", ({ formData, sourceElement }) => {
  const form = formData && sourceElement?.form;
  if (form && !seen.has(form)) begin(form, sourceElement, "navigate");
}, window.navigation);

// The only event that comes out of an open shadow tree and shows the way to the form.
listen("focusin", (event, input) => {
  const root = input.getRootNode();
  if (root.host && !seen.has(root)) {
    seen.set(root, 1);
    listen("submit", submitted, root);
  }
  // Only what somebody types into can be selected.
  if (input.select) loadFields().then((fields) => fields.adapt(settle, reported)).catch(() => {});
});

// A button that no `submit` comes from. Without a form: whatever holds both the button and an address.
listen("click", (event) => {
  const path = event.composedPath();
  const button = path.find((one) => one.matches?.("a[href],button,[role=button],[type=button],[type=submit]"));
  if (!button) return;
  press(button);
  if (button.href || button.form && button.type == "submit") return;
  for (const scope of path.slice(1, 8)) {
    if (isForm(scope)) return sends(button) && begin(scope, 0, "click");
    if (inputsOf(scope).some((input) => !input.form && isAddress(input))) return begin(scope, 0, "click");
  }
});
