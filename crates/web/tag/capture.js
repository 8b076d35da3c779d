// The events by which a page tells that a form is being sent. Nothing is ever prevented, delayed or sent again.

import { begin, overlay, press } from "./attempts.js";
import { report } from "./entry.js";
import { attribute, inputsOf, isForm, nearest, rootOf } from "./page.js";
import { isAddress, fold } from "./snapshot.js";

/** When a `submit` was seen, by form. */
const seen = new WeakMap();
/** Forms and roots of shadow trees that have a listener of their own. */
const bound = new WeakSet();

const submitted = (event) => {
  const form = event.composedPath()[0];
  if (!isForm(form) || seen.get(form) == event.timeStamp) return;
  seen.set(form, event.timeStamp);
  const button = event.submitter;
  const watch = begin(form, button, "submit");
  // Only now have the page's own listeners decided whether the browser sends the form.
  if (watch) setTimeout(() => {
    watch.prevented = event.defaultPrevented;
    const action = new URL(button && attribute(button, "formaction") || attribute(form, "action"), document.baseURI);
    watch.away = action.origin != location.origin;
    if (!watch.prevented && (watch.away || /_blank/.test(attribute(form, "target")))) report(watch.attempt, "attempt", true);
  });
};

addEventListener("submit", submitted, true);

// Comes when `submit` was stopped, and for form.submit(); but also whenever anybody reads a form.
addEventListener("formdata", (event) => {
  const form = event.target;
  if (performance.now() - (seen.get(form) || -1e4) > 1500 && navigator.userActivation?.isActive !== false) begin(form, null, "formdata");
  overlay(form, event.formData);
}, true);

// The browser really leaves. Its source tells of a form in a closed shadow tree.
globalThis.navigation?.addEventListener("navigate", (event) => {
  const form = event.formData && event.sourceElement?.form;
  if (form && !seen.has(form)) begin(form, event.sourceElement, "navigate");
});

// The only event that comes out of an open shadow tree and shows the way to the form.
addEventListener("focusin", (event) => {
  const root = rootOf(event.composedPath()[0]);
  if (root.host && !bound.has(root)) {
    bound.add(root);
    root.addEventListener("submit", submitted, true);
  }
}, true);

/** Inputs without a form: whatever holds both the button and an address. */
addEventListener("click", (event) => {
  const target = event.composedPath()[0];
  if (target.nodeType != 1) return;
  press(target);
  const button = nearest(target, "button,[role=button],input[type=button],input[type=submit],a");
  if (!button || button.form || nearest(button, "form")) return;
  for (let scope = button.parentNode, level = 0; scope?.nodeType == 1 && level < 6; scope = scope.parentNode, level++) {
    if (inputsOf(scope).some((input) => !input.form && isAddress(fold(input.value)))) return begin(scope, button, "click");
  }
}, true);
