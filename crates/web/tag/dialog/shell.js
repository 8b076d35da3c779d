// The native dialog in a shadow tree: on top of everything, the rest inert, Escape and the focus's way back for free.

import { button, make } from "./make.js";
import { sheet } from "./style.js";

/** Keeps the page behind from scrolling without moving it: what the scroll bar took is left free. */
const lockScroll = () => {
  const { style, clientWidth } = document.documentElement;
  const before = [style.overflow, style.paddingRight];
  const bar = innerWidth - clientWidth;
  style.overflow = "hidden";
  if (bar > 0) style.paddingRight = `${bar}px`;
  return () => { [style.overflow, style.paddingRight] = before; };
};

/** Opens an empty dialog. `mayClose` is asked before a visitor's wish to close it is granted. */
export const openShell = ({ heading, language, texts, mayClose, closed }) => {
  const title = make("h2", { id: "heading", tabIndex: -1 }, heading);
  const main = make("main");
  const live = make("p", { role: "status", className: "soft", hidden: true });
  const footer = make("footer", { hidden: true });
  const wish = () => mayClose() && end("closed");
  const dialog = make("dialog", { "aria-labelledby": "heading", lang: language, "data-tsugite-ignore": "" },
    make("header", {}, title, button("×", wish, { className: "close", "aria-label": texts.close })), main, footer);
  const host = make("tsugite-dialog");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(dialog);
  document.body.append(host);
  const unlock = lockScroll();
  let over;

  const end = (how) => {
    if (over) return;
    over = true;
    dialog.close();
    unlock();
    host.remove();
    closed(how);
  };

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    wish();
  });
  // Some browsers close it for a second Escape whatever is said.
  dialog.addEventListener("close", () => end("closed"));
  // A press that began inside, such as a selection of text, closes nothing.
  let outside;
  dialog.addEventListener("pointerdown", (event) => { outside = event.target === dialog; });
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const isOut = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (event.target === dialog && outside && isOut) wish();
  });
  // Shortcuts of the page are none of those who type here.
  for (const name of ["keydown", "keyup", "keypress", "input", "change", "submit"]) dialog.addEventListener(name, (event) => event.stopPropagation());
  addEventListener("pageshow", (event) => { if (event.persisted) end("page"); });

  dialog.showModal();
  title.focus();
  return {
    dialog, main, footer, live, end,
    /** Shows a step; its heading is read, or the first thing at fault. */
    show(...children) {
      main.replaceChildren(live, ...children.filter(Boolean));
      live.hidden = true;
      dialog.scrollTop = 0;
      (main.querySelector("[data-focus]") ?? title).focus();
    },
    say(text) {
      live.textContent = text;
      live.hidden = !text;
    },
    ask(text, yes, no, does) {
      const bar = make("div", { className: "note row", role: "alertdialog", "aria-label": text }, make("span", {}, text));
      bar.append(button(yes, does), button(no, () => { bar.remove(); title.focus(); }, { className: "main" }));
      main.prepend(bar);
      bar.querySelector("button.main").focus();
      return bar;
    },
  };
};
