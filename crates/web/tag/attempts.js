// An attempt becomes a conversion when there is evidence that the site has accepted it. On this page: an answered request,
// and then the form gone or emptied. On the next page: the form is not there any more.

import { attribute, editableOf, isForm, listen } from "./page.js";
import { CONFIRM, GONE, leadsBack, look, THERE } from "./look.js";
import { leave, report } from "./report.js";
import { server } from "./server.js";
import { attemptOf, snapshot } from "./snapshot.js";
import { keep, kept } from "./storage.js";

const PERIOD = 150;
const PATIENCE = 8000;
const LIFE = 1800000;

/** Attempts whose outcome is open, by the form or the element around the inputs. */
const watches = new Map();
/** The latest attempt of each form, for events that come after its outcome. */
const latest = new WeakMap();
/** The attempt that a step of confirmation shows. */
let confirming;
/** When something else than the form was pressed last. */
let pressed = 0;
let timer;

const end = (watch, grade, why) => {
  watches.delete(watch.scope);
  if (grade) report(watch.attempt, grade, why);
  else confirming = watch.attempt;
};

/** The statuses of requests that ended since the attempt: of those to the page's own server, if there are any. */
const statusesOf = ({ answers }) => {
  const own = answers.filter((entry) => entry.name.startsWith(location.origin));
  return (own[0] ? own : answers).map((entry) => entry.responseStatus || 0);
};

const isRefused = (watch) => statusesOf(watch).some((status) => status > 399);

const check = (watch) => {
  const { attempt, scope, mail, since } = watch;
  const waited = performance.now() - since;
  const answered = watch.answers[0];
  const refused = isRefused(watch);
  const moved = location.href != watch.href;
  if (moved && pressed > since) return watches.delete(scope);
  let state = THERE;
  if (answered || moved && isForm(scope)) {
    const root = mail?.isConnected && mail.getRootNode();
    state = root && !mail.value ? GONE : look(attempt, root?.host ? root : document);
  }
  // A page may hide its form only while it waits, so a change has to last.
  watch.steady = state == watch.state ? watch.steady + 1 : 0;
  watch.state = state;
  if (state == THERE) {
    if (answered && waited > (refused ? 1000 : PATIENCE)) end(watch, "failed", refused ? "status_error" : "still_there");
    else if (waited > PATIENCE) report(attempt, "unknown");
  } else if (watch.steady > 1) {
    if (state == CONFIRM) end(watch);
    else if (refused) end(watch, "failed", "status_error");
    else end(watch, statusesOf(watch).some((status) => status) ? "confirmed" : "likely", moved ? "moved" : "form_gone");
  }
};

const tick = () => {
  watches.forEach(check);
  if (!watches.size) timer = clearInterval(timer);
};

new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (/fetch|xml|beacon/.test(entry.initiatorType) && !entry.name.startsWith(server + "/")) {
    watches.forEach((watch) => entry.startTime >= watch.since && watch.answers.push(entry));
  }
})).observe({ type: "resource" });

// A form may send itself into a frame.
listen("load", (event, { name }) => watches.forEach((watch) => {
  if (name && isForm(watch.scope) && attribute(watch.scope, "target") == name) watch.answers.push({ name });
}), document);

/** Somebody submits a form, or presses a button beside an address. */
export const begin = (scope, button, why) => {
  if (navigator.userActivation?.hasBeenActive === false) return;
  const open = watches.get(scope);
  let attempt = confirming;
  let mail;
  if (attempt && !editableOf(scope)[0]) {
    confirming = 0;
    if (leadsBack(button)) return;
    why = "confirm_step";
  } else {
    const made = snapshot(scope);
    if (!made) return;
    [attempt, mail] = made;
    confirming = 0;
    if (open) {
      attempt.id = open.attempt.id;
      attempt.revision = open.attempt.revision + 1;
    }
  }
  attempt.evidence.push(why);
  const watch = { scope, attempt, mail, since: performance.now(), href: location.href, answers: [], steady: 0 };
  watches.set(scope, watch);
  latest.set(scope, attempt);
  timer ||= setInterval(tick, PERIOD);
  return watch;
};

/** Adds what the page's own listeners put into the form's data. */
export const overlay = (form, data) => watches.get(form)?.attempt.fields.forEach((field) => {
  const value = data.get(field.name);
  if (!field.value && field.open && value?.trim) field.value = value.slice(0, 8192);
});

/** Something was pressed: it may lead away without any success. */
export const press = (button) => {
  if (!watches.has(button.form)) pressed = performance.now();
};

/** A form's plugin says what became of its last attempt. */
export const settle = (form, grade, why) => {
  const watch = watches.get(form);
  const attempt = latest.get(form);
  if (watch) end(watch, grade, why);
  else if (attempt && grade) report(attempt, grade, why);
  return attempt;
};

/** A conversion that somebody tells of: the page's own code, or a frame of another service. */
export const reported = (values, name, why = "api") =>
  report(attemptOf(Object.entries(values || {}).map(([as, value]) => ({ name: as, as, value: "" + (value || "") })), name), "confirmed", why);

// The page is left: by what the form does, unless something else was pressed since.
listen("pagehide", () => {
  let left = confirming;
  watches.forEach((watch) => {
    if (pressed > watch.since || isRefused(watch)) return;
    left = watch.attempt;
    left.sent = 1;
    left.soft = watch.away || watch.prevented && !watch.answers[0];
  });
  keep("attempt", left);
  leave();
});

listen("pageshow", ({ persisted }) => {
  if (!persisted) return;
  watches.clear();
  keep("attempt");
});

/** Judges the attempt of the page before by what is on this one. */
export const judge = () => {
  const attempt = kept("attempt");
  keep("attempt");
  if (!attempt || Date.now() - attempt.at > LIFE) return;
  const { type, responseStatus } = performance.getEntriesByType("navigation")[0] || {};
  const state = look(attempt);
  if (state == CONFIRM || !attempt.sent) {
    attempt.sent = 0;
    confirming = attempt;
  } else if (type == "back_forward" || attempt.soft && !document.referrer.startsWith(location.origin)) {
    return;
  } else if (state == THERE) report(attempt, "failed", "still_there");
  else if (responseStatus > 399 || /エラー|error/i.test(document.title)) report(attempt, "failed", "status_error");
  else report(attempt, "confirmed", "next_page");
};
