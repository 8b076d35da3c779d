// The panel: in a corner of the page, in a shadow tree of its own, and out of the way when it is folded.

import { button, make } from "../dialog/make.js";
import { sheet } from "./style.js";

export const openPanel = ({ texts, language }, closed) => {
  const title = make("h2", { id: "title", tabIndex: -1 }, texts.title);
  const main = make("div", { className: "main" });
  const status = make("p", { role: "status", className: "soft" });
  const below = make("div");
  const body = make("div", { id: "body", className: "body" }, status, main, below);
  const fold = button(texts.fold, () => {
    body.hidden = !body.hidden;
    fold.setAttribute("aria-expanded", String(!body.hidden));
    fold.textContent = body.hidden ? texts.unfold : texts.fold;
  }, { className: "quiet", "aria-expanded": "true", "aria-controls": "body" });
  const section = make("section", { "aria-labelledby": "title", lang: language },
    make("header", {}, title, fold, button("×", () => {
      host.remove();
      closed();
    }, { className: "close", "aria-label": texts.close })), body);
  const host = make("tsugite-inspector", { "data-tsugite-ignore": "" });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(section);
  document.body.append(host);
  // Shortcuts of the page are none of those who type here.
  for (const name of ["keydown", "keyup", "keypress", "input", "change", "submit", "click", "focusin"]) {
    section.addEventListener(name, (event) => event.stopPropagation());
  }
  return {
    host, below,
    show(...children) {
      main.replaceChildren(...children.filter(Boolean));
      // The heading of what is shown now is read.
      main.querySelector("[data-focus]")?.focus();
    },
    say: (text) => { status.textContent = text; },
    isEditing: () => !!main.querySelector("form"),
    paragraph: (text, className = "") => make("p", { className }, text),
  };
};
