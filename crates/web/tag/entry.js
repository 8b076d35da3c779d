// What is reported of an attempt, and how it gets there: by a request that outlives the page; what got no answer is
// reported again from the next page. The server counts an attempt's id once.

import { configFor, configNow } from "./config.js";
import { offer } from "./offer.js";
import { site } from "./script.js";
import { fold } from "./snapshot.js";
import { keep, kept } from "./storage.js";
import { adopt, visitor } from "./visitor.js";

const RANK = { failed: 1, unknown: 1, attempt: 1, likely: 2, confirmed: 3 };
const AUTOMATIC = /^(email|(family_|given_)?(name|kana)|company|phone|department|title)$/;

const outbox = kept("outbox") || {};
let pause = 2000;

/** The mapped form that has most of the attempt's inputs. */
const mappedForm = ({ forms }, { fields, form }) => {
  const score = (one) => Object.values(one.fields).filter((name) => fields.some((field) => field.name == name)).length * 2 + (one.name == form.name);
  return (forms || []).map((one) => [score(one), one]).sort(([a], [b]) => b - a).find(([a]) => a > 1)?.[1];
};

const permittedUrl = (href, parameters = []) => {
  const url = new URL(href);
  [...url.searchParams.keys()].forEach((name) => parameters.includes(name) || url.searchParams.delete(name));
  url.hash = "";
  return url.href;
};

/** The values that may travel: of inputs that somebody mapped, and those of the automatic set that nobody mapped elsewhere. */
const valuesOf = (fields, mapping) => {
  const values = {};
  const add = (property, value, glue) => {
    if (value) values[property] = values[property] ? values[property] + glue + value : value;
  };
  for (const { as, name, value } of fields) {
    if (AUTOMATIC.test(as) && !(as in mapping)) add(as, /email|phone/.test(as) ? fold(value) : value, as == "phone" ? "-" : " ");
  }
  for (const property in mapping) fields.forEach((field) => field.name == mapping[property] && add(property, field.value, "\n"));
  return values;
};

const entryOf = (attempt, config = {}) => {
  const { id, grade, evidence, fields, revision } = attempt;
  const form = mappedForm(config, attempt);
  // Whoever typed nothing but an address has to be asked for by the admin first.
  const allowed = form ? form.on : attempt.names.length != 1;
  return {
    id, token: config.token, grade, evidence, revision,
    url: permittedUrl(attempt.url, config.parameters),
    referrer: attempt.referrer && new URL(attempt.referrer).origin,
    form: {
      ...attempt.form, id: form?.id,
      fields: fields.slice(0, 100).map(({ name, label, type, as, value }) => ({ name, label, type, as, filled: !!value })),
    },
    values: allowed && grade != "failed" ? valuesOf(fields, form?.fields || {}) : {},
    visitor: visitor(),
    language: document.documentElement.lang || navigator.language,
  };
};

const send = async (attempt, leaving) => {
  const { id, grade } = attempt;
  const path = attempt.form.path;
  try {
    const config = leaving ? configNow(path) : await configFor(path);
    const answer = await fetch(site + "/entries", {
      method: "POST", body: JSON.stringify(entryOf(attempt, config)), keepalive: true, credentials: "omit",
    });
    if (answer.status > 499 || answer.status == 429) throw 0;
    if (outbox[id]?.grade == grade) delete outbox[id];
    keep("outbox", outbox);
    const said = await answer.json();
    adopt(said.visitor);
    offer(said.then);
  } catch {
    attempt.tries = 1;
    setTimeout(flush, pause *= 2);
  }
};

/** Reports all that got no answer yet. */
export const flush = () => Object.values(outbox).forEach((attempt) => send(attempt));

/** Reports an attempt with a grade; a grade only rises. */
export const report = (attempt, grade, leaving) => {
  if (attempt.grade && RANK[grade] <= RANK[attempt.grade]) return;
  attempt.grade = grade;
  outbox[attempt.id] = attempt;
  keep("outbox", outbox);
  send(attempt, leaving);
};

// The last resort, for requests that this page could not make.
addEventListener("pagehide", () => Object.values(outbox).forEach((attempt) => {
  if (attempt.tries) navigator.sendBeacon(site + "/entries", JSON.stringify(entryOf(attempt, configNow(attempt.form.path))));
}));
