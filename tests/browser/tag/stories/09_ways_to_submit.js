// All the ways in which a form can be sent.

import { page, redirect } from "../site.js";

const html = (attributes = "", more = "") => `<form id="f" method="post" action="/send" ${attributes}>
  <label for="n">ご担当者名</label><input id="n" name="person"><label for="m">メールアドレス</label><input id="m" name="mail">
  <button id="b">送信</button></form><a id="l" href="#">送信</a><button id="r">送る</button>${more}`;
const script = `
  document.querySelector("#l").onclick = (event) => { event.preventDefault(); document.querySelector("#f").submit(); };
  document.querySelector("#r").onclick = () => document.querySelector("#f").requestSubmit();
  document.querySelector("#f").addEventListener("submit", () => { if (document.querySelector("#f").target == "hidden") setTimeout(() => document.querySelector("#f").reset()); });`;
const routes = (attributes, more) => ({
  "GET /": page(html(attributes, more), { script }),
  "POST /send": redirect("/thanks"),
  "GET /thanks": page("<h1>Thank you</h1>", { tag: false }),
  "GET /done": page("<h1>Thank you</h1>"),
});
const values = { email: "mei@example.jp", name: "小林 芽衣" };

const story = (send, expected) => async ({ browser, site, conversions }) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=person]", "小林 芽衣");
  await browser.fill("[name=mail]", "mei@example.jp");
  await send(browser);
  await conversions([{ values, ...expected }]);
};
const leaving = (send, evidence) => ({
  routes: { ...routes(), "POST /send": redirect("/done") },
  story: story(async (browser) => {
    await send(browser);
    await browser.waitFor(() => location.pathname == "/done");
  }, { grade: "confirmed", evidence: [evidence, "next_page"] }),
});

export default {
  "form.submit() from a link": leaving((browser) => browser.click("#l"), "formdata"),
  "requestSubmit()": leaving((browser) => browser.click("#r"), "submit"),
  "the Enter key": leaving((browser) => browser.press("[name=mail]", "Enter"), "submit"),
  "a hidden frame as target, and the form emptied": {
    routes: routes(`target="hidden"`, `<iframe name="hidden" hidden></iframe>`),
    story: story(async (browser) => {
      await browser.click("#b");
      await browser.waitFor(() => window.hidden.location.pathname == "/thanks");
    }, { grade: "likely", evidence: ["submit", "form_gone"] }),
  },
  "another window as target": {
    routes: routes(`target="_blank"`),
    story: story((browser) => browser.click("#b"), { grade: "attempt", evidence: ["submit"] }),
    unordered: true,
  },
};
