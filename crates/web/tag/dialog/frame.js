// A booking page in a frame, for pages that are opened by name and need no offer.

import { make } from "./make.js";
import { openShell } from "./shell.js";

const LANGUAGES = { ja: { close: "閉じる" }, en: { close: "Close" } };

/** Opens a page, "team/page", in a frame. The site has to allow frames of the server; the link below needs nothing. */
export const framed = (path, { server, emit }) => {
  const language = /^ja/.test(document.documentElement.lang || navigator.language) ? "ja" : "en";
  const address = `${server}/b/${path.split("/").map(encodeURIComponent).join("/")}?language=${language}`;
  const shell = openShell({ heading: document.title, language, texts: LANGUAGES[language], mayClose: () => true, closed: () => emit("closed", {}) });
  shell.dialog.classList.add("wide");
  shell.show(make("iframe", { src: address, title: document.title }), make("a", { href: address, target: "_blank", rel: "noopener" }, address));
};
