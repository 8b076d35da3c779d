// The command search: "/" puts the caret into it, and what fits is shown while one types.
"use strict";
(() => {
  const form = document.querySelector("form.command");
  if (!form) return;
  const input = form.querySelector("input");
  const list = document.createElement("ul");
  list.id = "command-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  form.classList.add("combo");
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
  let at = -1, asked = 0;
  const close = () => { asked++; at = -1; list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (next) => {
    const items = [...list.children];
    if (!items.length) return;
    at = (next + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", items[at].id);
    items[at].scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const number = ++asked;
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(input.value)}`, { headers: { accept: "application/json" } }).catch(() => null);
    const found = answer?.ok && !answer.redirected ? await answer.json() : null;
    if (number !== asked || !found) return;
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `command-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = one.href;
      item.textContent = one.label;
      const small = document.createElement("small");
      small.textContent = one.place;
      item.append(small);
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); location.assign(one.href); });
      return item;
    }));
    at = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  input.addEventListener("input", ask);
  input.addEventListener("focus", ask);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) ask(); else mark(at + 1); }
    else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Enter" && at >= 0 && !event.isComposing) { event.preventDefault(); location.assign(list.children[at].dataset.href); }
    else if (event.key === "Escape") { close(); input.value = ""; input.blur(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    if (input.checkVisibility()) input.focus();
    else location.assign(form.getAttribute("action"));
  });
})();
