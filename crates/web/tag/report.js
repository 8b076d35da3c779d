// How an attempt reaches the server. What got no answer is reported again, also from the next page; the server counts an
// attempt's id once.

import { fields, loadFields } from "./modules.js";
import { offer } from "./offer.js";
import { config, configFor, post, site } from "./server.js";
import { keep, kept } from "./storage.js";
import { visitor } from "./visitor.js";

/** By the grades' first letters, as they rise: an attempt that was reported at once may still turn out to have failed. */
const rank = (grade) => "uaflc".indexOf(grade?.[0]);

const outbox = kept("outbox") || {};
let pause = 1000;

const send = async (attempt) => {
  const { id, grade, form } = attempt;
  try {
    const told = await configFor(form.path);
    const entry = (await loadFields()).entryOf(attempt, told, visitor());
    const answer = entry && await post("entries", entry);
    if (answer?.status == 429 || answer?.status > 499) throw 0;
    pause = 1000;
    if (outbox[id]?.grade == grade) delete outbox[id];
    keep("outbox", outbox);
    const said = await answer?.json();
    if (said?.visitor) visitor(said.visitor);
    offer(said?.then);
  } catch {
    attempt.late = 1;
    setTimeout(flush, pause *= 2);
  }
};

/** Reports all that got no answer yet. */
export const flush = () => Object.values(outbox).forEach(send);

/** Reports an attempt with a grade; a grade only rises. */
export const report = (attempt, grade, why) => {
  if (rank(grade) <= rank(attempt.grade)) return;
  attempt.grade = grade;
  if (why) attempt.evidence.push(why);
  outbox[attempt.id] = attempt;
  keep("outbox", outbox);
  send(attempt);
};

/** The last resort, for requests that this page could not make. */
export const leave = () => Object.values(outbox).forEach((attempt) => {
  if (attempt.late && fields) navigator.sendBeacon(site + "entries", JSON.stringify(fields.entryOf(attempt, config, visitor())));
});
