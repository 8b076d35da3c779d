// What happens, as it happens, over the pages of this tab. What was typed is not kept, only which properties it filled.

import { make } from "../dialog/make.js";
import { evidenceText, fill, propertyName } from "./words.js";

const KEY = "tsugite.inspected";
const MOST = 60;

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
};

export const log = (told, page, panel) => {
  const { texts } = told;
  const list = make("div", { role: "log", className: "log", tabIndex: 0, "aria-labelledby": "happened" });
  panel.below.append(make("h3", { id: "happened", className: "part" }, texts.happened), make("p", { className: "soft" }, texts.happened_hint), list);
  let lines = read();
  const show = ({ at, text, kind, lines = [] }) => {
    list.append(make("div", { className: kind || "" }, make("time", {}, new Date(at).toTimeString().slice(0, 8)), make("p", {}, text, ...lines.map((line) => make("small", {}, line)))));
    list.scrollTop = list.scrollHeight;
  };
  const add = (text, kind, more) => {
    const line = { at: Date.now(), text, kind, lines: more };
    lines = [...lines, line].slice(-MOST);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(lines));
    } catch {}
    show(line);
  };
  lines.forEach(show);
  add(fill(texts.log_page, { path: location.pathname }), "page");

  const reported = (entry) => {
    if (entry.off) return add(fill(texts.log_off, { name: entry.form.name }));
    const values = Object.keys(entry.values).map((key) => propertyName(told, key));
    add(fill(texts.log_grade, { grade: told.grades[entry.grade] }), /likely|confirmed/.test(entry.grade) ? "good" : entry.grade == "failed" ? "bad" : "", [
      ...entry.evidence.map((word) => evidenceText(told, word)),
      values[0] ? fill(texts.log_values, { list: values.join(texts.comma) }) : texts.log_no_values,
    ]);
  };
  const said = new Set();
  page.reportsTo((entry) => {
    // The same report is sent again while the server doesn't answer.
    const mark = `${entry.id} ${entry.grade} ${entry.revision}`;
    if (!said.has(mark)) reported(entry);
    said.add(mark);
  });

  const stops = new AbortController();
  const listen = (target, name, does) => target.addEventListener(name, does, { capture: true, signal: stops.signal });
  listen(window, "submit", () => add(texts.log_submit));
  listen(document, "securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
    if (blockedURI.startsWith(new URL(page.server).origin)) add(fill(texts.log_csp, { directive: effectiveDirective }), "bad");
  });
  const requests = new PerformanceObserver((seen) => seen.getEntries().forEach(({ initiatorType, name, responseStatus }) => {
    if (!/fetch|xml/.test(initiatorType) || name.startsWith(page.server + "/")) return;
    const { pathname } = new URL(name);
    add(fill(texts.log_request, { path: pathname, status: responseStatus || "?" }), responseStatus > 399 ? "bad" : "");
  }));
  requests.observe({ type: "resource" });
  window.tsugite?.("on", "offered", () => add(texts.log_offered, "good"));
  return {
    clear() {
      stops.abort();
      requests.disconnect();
      page.reportsTo(() => {});
      sessionStorage.removeItem(KEY);
    },
  };
};
