// Forms: what isn't saved yet is told, and a list that follows from a choice follows it at once.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form.settings")) {
    const told = form.querySelector("[data-unsaved]");
    if (!told) continue;
    const show = () => { told.hidden = false; };
    form.addEventListener("input", show);
    if (form.querySelector("[name=removed]")) show();
  }
  for (const button of document.querySelectorAll("button[data-follows]")) {
    const choice = button.form.elements.namedItem(button.dataset.follows);
    button.hidden = true;
    choice.addEventListener("change", () => button.form.requestSubmit(button));
  }
  // A folded row that an address leads to is opened.
  const open = () => { const row = location.hash && document.getElementById(location.hash.slice(1)); if (row instanceof HTMLDetailsElement) row.open = true; };
  addEventListener("hashchange", open);
  open();
})();
