// Lists: all rows of a page are chosen at once, and panels close when one looks elsewhere.
"use strict";
(() => {
  const update = () => {
    const told = document.querySelector("[data-chosen]");
    if (!told) return;
    const boxes = [...document.querySelectorAll("input[form=bulk][name=id]")];
    const count = boxes.filter((box) => box.checked).length;
    told.dataset.empty ??= told.textContent;
    told.textContent = count ? told.dataset.chosen.replace("COUNT", count) : told.dataset.empty;
    for (const button of document.querySelectorAll("#bulk button")) button.disabled = !count;
    const every = document.querySelector("[data-all]");
    if (every) Object.assign(every, { hidden: false, checked: count > 0 && count === boxes.length, indeterminate: count > 0 && count < boxes.length });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of document.querySelectorAll("input[form=bulk][name=id]")) box.checked = event.target.checked;
    if (event.target.matches("[data-all], [form=bulk]")) update();
  });
  document.addEventListener("list-shown", update);
  update();
  const close = (kept) => document.querySelectorAll("details.drop[open]").forEach((one) => { if (one !== kept) one.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.drop")));
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("details.drop[open]");
    if (event.key === "Escape" && open) { close(); open.querySelector("summary").focus(); }
  });
})();
