// Parts of a page that follow what happens in the background: when the server tells that something of their kind
// changed, the page is fetched and those parts are put in place of the old ones.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-watch]")];
  if (!parts.length || !globalThis.EventSource) return;
  let waiting = 0;
  const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") || part.querySelector("details.drop[open], input[name=id]:checked, [data-unsaved]:not([hidden])");
  const replace = (old, fresh) => {
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
    const open = [...old.querySelectorAll("details[open]")].map((one) => one.querySelector("summary")?.textContent);
    old.replaceChildren(...fresh.childNodes);
    for (const one of old.querySelectorAll("details")) if (open.includes(one.querySelector("summary")?.textContent)) one.open = true;
  };
  const update = async () => {
    waiting = 0;
    if (document.hidden) { waiting = -1; return; }
    const answer = await fetch(location.href.split("#")[0], { headers: { accept: "text/html" } }).catch(() => null);
    if (answer?.redirected) return;
    if (!answer?.ok) { waiting ||= setTimeout(update, 3000); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Something is there that wasn't before, such as the list after a first import.
    if ([...page.querySelectorAll("[data-watch]")].some((part) => !document.getElementById(part.id))) return location.reload();
    for (const part of document.querySelectorAll("[data-watch]")) if (!isBusy(part)) replace(part, page.getElementById(part.id));
    for (const place of ["menu", "bell", "bellbutton"]) {
      const old = document.getElementById(place);
      if (old && !old.matches(":popover-open") && !old.contains(document.activeElement)) replace(old, page.getElementById(place));
    }
    document.dispatchEvent(new Event("list-shown"));
  };
  const source = new EventSource("/console/events");
  // What ended between the answer that this page is and the connection's begin is told by no event.
  source.addEventListener("ready", () => { waiting ||= setTimeout(update, 300); });
  source.addEventListener("change", (event) => {
    const words = event.data.split(" ");
    const concerns = words.includes("notices") || parts.some((part) => part.dataset.watch.split(" ").some((word) => words.includes(word)));
    if (concerns && !waiting) waiting = setTimeout(update, 300);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting === -1) update(); });
  addEventListener("pagehide", () => source.close());
})();
