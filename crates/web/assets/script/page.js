// Enhancements only: every page works without this file.
"use strict";
(() => {
  const all = (selector, work) => document.querySelectorAll(selector).forEach(work);

  // After a faulty form, the summary is read first.
  document.querySelector(".problems")?.focus();

  // Times are shown in the visitor's own zone first; whoever chose another one keeps it.
  const zones = document.querySelector("form.zones");
  if (zones) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const choice = zones.querySelector("select");
    zones.querySelector("button").hidden = true;
    choice.addEventListener("change", () => zones.submit());
    if (!("settled" in zones.dataset) && here && here !== zones.dataset.zone) {
      const address = new URL(location.href);
      address.searchParams.set("zone", here);
      location.replace(address);
    }
  }

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
