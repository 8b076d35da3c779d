// An attempt becomes a conversion when there is evidence that the site has accepted it.
//
// On this page: an answered request and then the form gone or emptied. On the next page: the form is not there any more.

import { report } from "./entry.js";
import { asks, CONFIRM, GONE, leadsBack, look, THERE } from "./look.js";
import { contains, isConnected, isForm, nearest, rootOf, targetOf } from "./page.js";
import { server } from "./script.js";
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
  watch.attempt.evidence.push(why);
  report(watch.attempt, grade);
};

const confirm = (watch) => {
  watches.delete(watch.scope);
  confirming = watch.attempt;
};

/** The requests that ended since the attempt: those to the page's own server, if there are any. */
const answersOf = ({ answers }) => {
  const own = answers.filter((entry) => entry.name.startsWith(location.origin));
  return own[0] ? own : answers;
};

const isRefused = (watch) => answersOf(watch).some((entry) => entry.responseStatus > 399);

const check = (watch) => {
  const { attempt, scope, mail, since } = watch;
  const waited = performance.now() - since;
  const answers = answersOf(watch);
  const refused = isRefused(watch);
  const moved = location.href != watch.url;
  if (moved && pressed > since) return watches.delete(scope);
  let state = THERE;
  if (answers[0] || moved && isForm(scope)) {
    const root = isConnected(mail || scope) && rootOf(mail || scope);
    state = look(attempt, root.host ? root : document);
    if (state == THERE && root && mail && !mail.value) state = GONE;
  }
  // A page may hide its form only while it waits, so a change has to last.
  watch.steady = state == watch.state ? watch.steady + 1 : 0;
  watch.state = state;
  if (state == THERE) {
    if (answers[0] && waited > (refused ? 1000 : PATIENCE)) end(watch, "failed", refused ? "status_error" : "still_there");
    else if (!watch.told && waited > PATIENCE) {
      watch.told = 1;
      report(attempt, "unknown");
    }
  } else if (watch.steady > 1) {
    if (state == CONFIRM) confirm(watch);
    else if (refused) end(watch, "failed", "status_error");
    else end(watch, answers.some((entry) => entry.responseStatus) ? "confirmed" : "likely", moved ? "moved" : "form_gone");
  }
};

const tick = () => {
  watches.forEach(check);
  if (!watches.size) timer = clearInterval(timer);
};

try {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (/fetch|xml|beacon/.test(entry.initiatorType) && !entry.name.startsWith(server)) {
        watches.forEach((watch) => entry.startTime >= watch.since && watch.answers.push(entry));
      }
    }
  }).observe({ type: "resource" });
} catch {}

// A form may send itself into a frame.
addEventListener("load", ({ target }) => {
  if (target.localName == "iframe") {
    watches.forEach((watch) => targetOf(watch.scope) == target.name && watch.answers.push({ name: "" }));
  }
}, true);

/** Follows an attempt until its outcome is known. */
const follow = (scope, attempt, mail) => {
  const watch = { scope, attempt, mail, since: performance.now(), url: location.href, answers: [], steady: 0 };
  watches.set(scope, watch);
  latest.set(scope, attempt);
  timer ||= setInterval(tick, PERIOD);
  return watch;
};

/** Somebody submits a form, or presses a button beside an address. */
export const begin = (scope, button, why) => {
  if (navigator.userActivation?.hasBeenActive === false) return;
  const open = watches.get(scope);
  let attempt = confirming;
  let mail;
  if (attempt && !asks(scope)) {
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
  return follow(scope, attempt, mail);
};

/** Adds what the page's own listeners put into the form's data. */
export const overlay = (form, data) =>
  watches.get(form)?.attempt.fields.forEach((field) => {
    if (!field.value && !field.secret) field.value = [].concat(data.getAll(field.name)).filter((value) => value.trim).join("\n");
  });

/** Something was pressed: it may lead away without any success. */
export const press = (target) => {
  const link = nearest(target, "a[href]");
  const button = link || nearest(target, "button,[role=button],[onclick],input[type=button]");
  if (button && ![...watches.keys()].some((scope) => !link && contains(scope, button))) pressed = performance.now();
};

/** A form's plugin says what became of it. */
export const settle = (form, grade, why) => {
  const watch = watches.get(form);
  if (watch) return grade ? end(watch, grade, why) : confirm(watch);
  const attempt = latest.get(form);
  if (attempt && grade != "failed") {
    attempt.evidence.push(why);
    report(attempt, grade);
  }
  return attempt;
};

/** A conversion that somebody tells of: the page's own code, or a frame of another service. */
export const reported = (values, name, why, grade = "confirmed") => {
  const fields = Object.entries(values || {}).map(([as, value]) => ({ name: as, as, type: "text", value: String(value) }));
  const attempt = attemptOf(fields, name);
  attempt.evidence.push(why);
  report(attempt, grade);
};

// The page is left: by what the form does, unless something else was pressed since.
addEventListener("pagehide", () => {
  let left = confirming;
  watches.forEach((watch) => {
    if (pressed > watch.since || isRefused(watch)) return;
    left = watch.attempt;
    left.step = 2;
    left.soft = watch.prevented && !watch.answers[0] || watch.away;
  });
  keep("attempt", left);
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  watches.clear();
  keep("attempt");
});

/** Judges the attempt of the page before by what is on this one. */
export const judge = () => {
  const attempt = kept("attempt");
  keep("attempt");
  if (!attempt || Date.now() - attempt.at > LIFE) return;
  const left = performance.getEntriesByType("navigation")[0] || {};
  const state = look(attempt);
  if (state == CONFIRM || attempt.step < 2) {
    attempt.step = 1;
    confirming = attempt;
  } else if (left.type == "back_forward" || attempt.soft && !document.referrer.startsWith(location.origin)) {
    return;
  } else if (state == THERE || left.responseStatus > 399 || /エラー|error/i.test(document.title)) {
    attempt.evidence.push(state == THERE ? "still_there" : "status_error");
    report(attempt, "failed");
  } else {
    attempt.evidence.push("next_page");
    report(attempt, "confirmed");
  }
};
