// A page of a form in a frame tells the page around it how high it is, and where to go when it was sent.
(() => {
  const place = document.querySelector("[data-embed]");
  if (!place || parent === window) return;
  const tell = (message) => parent.postMessage(message, place.dataset.embed);
  new ResizeObserver(() => tell({ tsugite: "height", height: document.documentElement.offsetHeight })).observe(document.documentElement);
  const onward = document.querySelector("[data-onward]");
  if (onward) tell({ tsugite: "go", url: onward.href });
})();
// A form of questions: its token is fetched when it is begun, and questions come and go with the answers.
(() => {
  const form = document.querySelector("form[data-questions]");
  if (!form) return;
  const address = form.action.split("?")[0];
  const post = (path, body) => fetch(`${address}/${path}`, { method: "POST", body, headers: { accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)));

  // What stands in the page may be old; the time of the first input is what counts.
  form.addEventListener("focusin", () => {
    if (form.querySelector("[data-work]")) return;
    post("token").then((renewed) => { form.elements.token.value = renewed.token; }).catch(() => {});
  }, { once: true });

  if (!form.querySelector("[data-decides]")) return;
  const questions = [...form.querySelectorAll("[data-question]")];
  let asked = 0;
  const follow = async () => {
    const number = ++asked;
    try {
      const { shown } = await post("shown", new URLSearchParams(new FormData(form)));
      if (number !== asked) return;
      for (const question of questions) question.hidden = !shown.includes(question.dataset.question);
    } catch {
      // The server decides anyway; nobody is kept from answering.
      for (const question of questions) question.hidden = false;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-decides]")) follow();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
})();
