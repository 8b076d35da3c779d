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

  // A form is sent once, however often its button is pressed.
  all("form[data-once]", (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    addEventListener("pageshow", () => { delete form.dataset.sent; });
  });
})();
