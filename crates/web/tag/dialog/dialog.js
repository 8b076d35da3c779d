// The booking dialog: first message or times, then what is missing, then the confirmation. All texts come with the offer.

import { daysStep, formats, inZone, nearest, zoneOf } from "./days.js";
import { detailsStep } from "./details.js";
import { framed } from "./frame.js";
import { mayOpen, moment, never, note } from "./limits.js";
import { button, make } from "./make.js";
import { openShell } from "./shell.js";
import { solve } from "./work.js";

let isOpen;

const TYPED_FOR = 1800000;

/** What this tab's visitor typed into a form of this page. Nothing else is ever filled in. */
const typedIn = (kept) => {
  const typed = kept("typed");
  return typed && Date.now() - typed.at < TYPED_FOR ? typed : {};
};

/** Opens what is offered, when the moment has come. A text is a page's path, opened in a frame. */
export const open = async (offer, context) => {
  if (isOpen) return;
  if (typeof offer == "string") return framed(offer, context);
  if (!mayOpen(offer, context)) return context.keep("offer");
  isOpen = true;
  await moment(offer);
  if (offer.until && offer.until < Date.now()) {
    isOpen = false;
    return context.keep("offer");
  }
  try {
    run(offer, context);
  } catch (error) {
    isOpen = false;
    throw error;
  }
};

const anotherId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whoever gets a dialog unasked may say no for good. */
const mayRefuse = (shell, { delay, texts }, { keep, visitor }, tell) => {
  if (delay == "now") return;
  shell.footer.hidden = false;
  shell.footer.append(
    button(texts.not_me, () => { tell("not_me"); visitor(anotherId()); shell.end("not_me"); }, { className: "quiet" }),
    button(texts.never, () => { never({ keep }); tell("never"); shell.end("never"); }, { className: "quiet" }),
  );
};

/** What a router decided instead of times: a text, or another page. Only those who have just sent a form go there unasked. */
const told = (offer, context) => {
  const { delay, handle, heading, language, message, texts, url } = offer;
  const { emit, keep, post } = context;
  const tell = (outcome) => post("outcomes", { handle, outcome }).catch(() => {});
  if (note(offer, context)) tell("offered");
  keep("offer");
  if (url && delay == "now") return location.assign(url);
  const shell = openShell({
    heading, language, texts,
    mayClose: () => true,
    closed: (how) => {
      isOpen = false;
      if (how == "closed") tell("closed");
      emit("closed", { booked: false });
    },
  });
  mayRefuse(shell, offer, context, tell);
  const close = button(texts.close, () => shell.end("closed"), { className: url ? "quiet" : "main" });
  const go = url && make("a", { className: "button main", href: url }, texts.go);
  // The page gets a breath between the dialog and what is in it.
  setTimeout(() => shell.show(make("p", { tabIndex: -1, "data-focus": "" }, message), make("div", { className: "row" }, ...[go, close].filter(Boolean))));
};

const run = (offered, context) => {
  if (!offered.days) return told(offered, context);
  const { post, emit, keep, kept, visitor } = context;
  const zone = zoneOf(offered);
  const isOther = zone != offered.zone;
  const offer = { ...offered, zone };
  const { texts, handle, language } = offer;
  const typed = offer.delay == "now" ? typedIn(kept) : {};
  const pages = [{ days: offer.days, more: offer.more }];
  let start;
  let booked;

  const tell = (outcome) => post("outcomes", { handle, outcome }).catch(() => {});
  const shell = openShell({
    heading: offer.heading, language, texts,
    mayClose: () => {
      if (!start || booked) return true;
      if (!shell.asking?.isConnected) shell.asking = shell.ask(texts.leave, texts.leave_yes, texts.leave_no, () => shell.end("closed"));
      return false;
    },
    closed: (how) => {
      isOpen = false;
      keep("offer");
      if (how == "closed" && !booked) tell("closed");
      emit("closed", { booked: !!booked });
    },
  });
  if (note(offer, { keep, kept, visitor })) tell("offered");

  const link = (text, href) => make("a", { className: "button", href, target: "_blank", rel: "noopener" }, text);
  const broken = (text) => shell.show(make("p", { className: "note bad", role: "alert", tabIndex: -1, "data-focus": "" }, text), make("div", { className: "row" }, link(texts.fallback, offer.fallback)));

  const times = (near) => {
    start = undefined;
    const { days, more } = pages.at(-1);
    shell.show(...daysStep({
      offer, days: isOther ? inZone(days, zone, language) : days, more, near,
      choose: (chosen) => { start = chosen; details(); },
      before: pages.length > 1 && (() => { pages.pop(); times(); }),
      go: async () => {
        shell.say(texts.working);
        try {
          const answer = await post("slots", { handle, from: more, language });
          if (answer.status == 410) return broken(texts.gone);
          pages.push(await answer.json());
          times();
        } catch {
          shell.say(texts.failed);
        }
      },
    }));
  };

  const details = () => shell.show(...detailsStep({ offer, start, typed, back: () => times(start), send: book }));

  /** Books; answers with what is wrong with the form. */
  const book = async (given, work) => {
    let answer;
    let said;
    try {
      answer = await post("bookings", { handle, start, language, work, ...given });
      said = await answer.json();
    } catch {
      shell.say(texts.failed);
      return;
    }
    if (answer.status == 201) return done(said);
    if (answer.status == 422) return said.errors;
    if (answer.status == 410) return broken(texts.gone);
    if (answer.status == 409) {
      const near = nearest(said.days, start);
      pages.splice(0, pages.length, said);
      times(near);
      return shell.say(said.text || texts.taken);
    }
    if (answer.status == 429 && said.work && !work) {
      shell.say(said.text);
      const solved = await solve(said.work);
      if (solved) return book(given, solved);
    }
    shell.say(said.text || texts.failed);
  };

  const done = (said) => {
    booked = said;
    keep("offer");
    keep("typed");
    emit("booked", { start: said.start, end: said.end });
    shell.footer.hidden = true;
    shell.show(
      make("h3", { tabIndex: -1, "data-focus": "" }, texts.done),
      make("div", { className: "chosen" }, make("b", {}, formats(offer.zone, language).full(said.start, offer.minutes))),
      make("p", {}, texts.done_text),
      make("div", { className: "row" }, link(texts.done_link, isOther ? `${said.confirmation}${said.confirmation.includes("?") ? "&" : "?"}zone=${encodeURIComponent(zone)}` : said.confirmation), button(texts.close, () => shell.end("closed"), { className: "main" })),
    );
  };

  mayRefuse(shell, offer, context, tell);
  const first = () => {
    if (offer.first == "message") {
      shell.show(make("p", { tabIndex: -1, "data-focus": "" }, offer.message), make("div", { className: "row" }, button(texts.start, () => times(), { className: "main" })));
    } else {
      times();
      if (offer.message) shell.main.prepend(make("p", {}, offer.message));
    }
  };
  // The page gets a breath between the dialog and what is in it.
  setTimeout(first);
};
