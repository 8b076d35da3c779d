// The inspector on the customer's page: which forms there are and what is made of their inputs, and what the tag sees while
// somebody fills one in.

import { log } from "./log.js";
import { editor } from "./editor.js";
import { formCards } from "./cards.js";
import { openPanel } from "./panel.js";

/** Opens it. Without forms in the answer the link is over. */
export const open = (told, page) => {
  const { texts } = told;
  const panel = openPanel(told, () => {
    page.forget();
    entries?.clear();
  });
  const entries = told.forms && log(told, page, panel);
  if (!told.forms) return panel.show(panel.paragraph(texts.over));
  const showCards = (said = "") => {
    panel.show(...formCards(told, page, (form) => panel.show(...editor(form, told, page, panel, showCards))));
    panel.say(said);
  };
  showCards();
  // A form may come later, or another page be put in its place.
  let known = document.forms.length;
  new MutationObserver(() => {
    if (document.forms.length == known) return;
    known = document.forms.length;
    if (!panel.isEditing()) showCards();
  }).observe(document.documentElement, { childList: true, subtree: true });
};
