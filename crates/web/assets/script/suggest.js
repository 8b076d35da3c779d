// Suggestions under an input while one types.
"use strict";
(() => {
  // Fields of the org, or names of lists, while one is typed; it can also be typed whole.
  document.querySelectorAll("input[data-suggest]").forEach((input) => {
    const list = document.createElement("ul");
    const wrap = document.createElement("div");
    wrap.className = "combo";
    input.replaceWith(wrap);
    wrap.append(input, list);
    list.id = `${input.id}-list`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.listLabel);
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["autocomplete", "off"]]) input.setAttribute(name, value);
    list.hidden = true;
    let at = -1, asked = 0;
    // An answer that comes after the list was closed must not open it again.
    const close = () => { asked++; list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (next) => {
      const items = [...list.children];
      if (!items.length) return;
      at = (next + items.length) % items.length;
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      input.setAttribute("aria-activedescendant", items[at].id);
      items[at].scrollIntoView({ block: "nearest" });
    };
    // A name that ends with a dot is a way to more of them.
    const choose = (item) => { input.value = item.dataset.value; close(); if (input.value.endsWith(".")) ask(); };
    const ask = async () => {
      const number = ++asked;
      const kind = input.closest("[data-kinds]")?.querySelector("select")?.value ?? "";
      const answer = await fetch(`${input.dataset.suggest}?field=${encodeURIComponent(kind)}&q=${encodeURIComponent(input.value)}`, { headers: { accept: "application/json" } }).catch(() => null);
      const fields = answer?.ok ? await answer.json() : null;
      if (number !== asked || !fields) return;
      list.replaceChildren(...fields.map((field, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.value = field.name;
        item.textContent = field.label;
        const small = document.createElement("small");
        small.textContent = field.name === field.label ? field.type : `${field.name} · ${field.type}`;
        item.append(small);
        item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(item); });
        return item;
      }));
      at = -1;
      list.hidden = !fields.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      // Above what stays at the bottom of the screen.
      if (!list.hidden) list.scrollIntoView({ block: "nearest" });
    };
    input.addEventListener("input", ask);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) ask(); else mark(at + 1); }
      else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Enter" && !list.hidden && at >= 0) { event.preventDefault(); choose(list.children[at]); }
      else if (event.key === "Escape") close();
    });
  });
})();
