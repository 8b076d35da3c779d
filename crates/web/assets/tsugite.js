// Enhancements only: every page works without this file.
"use strict";
(() => {
  const all = (selector, work) => document.querySelectorAll(selector).forEach(work);

  // After a faulty form, the summary is read first.
  document.querySelector(".problems")?.focus();

  // The visitor's own time beside the page's, when the two differ.
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  all("[data-zone]", (place) => {
    const language = document.documentElement.lang;
    const show = (date, zone, options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options }).format(date);
    const full = { weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
    const times = [...place.querySelectorAll("time[datetime]")];
    const differs = times.some((time) => {
      const date = new Date(time.dateTime);
      return show(date, here, full) !== show(date, place.dataset.zone, full);
    });
    if (!differs) return;
    const note = place.querySelector("[data-zone-note]");
    if (note) {
      note.textContent = note.dataset.zoneNote.replace("ZONE", here);
      note.hidden = false;
    }
    for (const time of times) {
      const date = new Date(time.dateTime);
      const sameDay = show(date, here, { dateStyle: "short" }) === show(date, place.dataset.zone, { dateStyle: "short" });
      const own = document.createElement("small");
      own.textContent = show(date, here, { ...(sameDay ? {} : { weekday: "short" }), hour: "numeric", minute: "2-digit" });
      time.after(own);
    }
  });

  // On a phone the navigation is one scrolling line.
  document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // Copy buttons stand beside read-only boxes, which can be copied by hand too.
  all("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const box = button.parentElement.querySelector("input");
      try {
        await navigator.clipboard.writeText(box.value);
        button.textContent = button.dataset.copied;
      } catch {
        box.select();
      }
      setTimeout(() => { button.textContent = button.dataset.copy; }, 2000);
    });
  });

  // What is under way is looked at again until it is over; then the whole page is.
  const follow = (part) => {
    setTimeout(async () => {
      const answer = await fetch(part.dataset.live, { headers: { accept: "text/html" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) return follow(part);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const heading = part.getAttribute("aria-labelledby");
      const fresh = page.querySelector(`[aria-labelledby="${heading}"]`);
      if (!fresh) return;
      if (!fresh.dataset.live) return location.assign(part.dataset.live);
      const status = part.querySelector("[role=status]");
      const now = fresh.querySelector("[role=status]");
      if (status && now) status.replaceChildren(...now.childNodes);
      follow(part);
    }, 1500);
  };
  all("[data-live]", follow);

  // A form is sent once, however often its button is pressed.
  all("form[data-once]", (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    addEventListener("pageshow", () => { delete form.dataset.sent; });
  });

  // Fields of the org, or names of lists, while one is typed; it can also be typed whole.
  all("input[data-suggest]", (input) => {
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
