// How often a dialog may open by itself. What a form leads to is no such thing: the visitor has just asked for something.

const DAY = 86400000;

const isTyping = () => {
  const at = document.activeElement;
  return at && (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable);
};

const isCovered = () => [...document.querySelectorAll("dialog[open],[aria-modal=true]")].some((one) => one.checkVisibility?.() ?? true);

/** Whether this offer may be shown in this browser now. */
export const mayOpen = ({ delay, caps, handle }, { kept }) => {
  if (delay == "now" || kept("shown") == handle) return true;
  if (kept("never", "local") > Date.now()) return false;
  const shown = (kept("shows", "local") || []).filter((at) => at > Date.now() - 30 * DAY);
  return (kept("count") || 0) < caps.session && shown.length < caps.month;
};

/** Counts it; beyond this tab only for those who let us keep something. */
export const note = ({ delay, handle }, { keep, kept, visitor }) => {
  if (kept("shown") == handle) return false;
  keep("shown", handle);
  if (delay != "now") {
    keep("count", (kept("count") || 0) + 1);
    if (visitor()) keep("shows", [...(kept("shows", "local") || []), Date.now()].slice(-20), "local");
  }
  return true;
};

export const never = ({ keep }) => keep("never", Date.now() + 90 * DAY, "local");

/** The moment at which it disturbs least: after the first thing the visitor does, or five seconds in sight. */
export const moment = ({ delay }) => new Promise((done) => {
  const names = ["pointerdown", "keydown", "scroll"];
  let seen = 0;
  const timer = setInterval(() => {
    if (document.visibilityState == "visible") seen += 250;
    if ((delay == "now" || seen >= 5000) && !isCovered() && (delay == "now" || !isTyping())) {
      clearInterval(timer);
      names.forEach((name) => removeEventListener(name, hurry, true));
      done();
    }
  }, delay == "now" ? 50 : 250);
  const hurry = () => { seen = 5000; };
  if (delay != "now") names.forEach((name) => addEventListener(name, hurry, true));
});
