// Forms that the document doesn't see, or not yet, or not any more.

import { page } from "../site.js";

const build = `const part = (tag, set, ...children) => { const made = document.createElement(tag); Object.assign(made, set); made.append(...children); return made; };
  const form = (home = document) => { const made = part("form", { method: "post", action: "/send" },
    part("label", {}, "お名前", part("input", { name: "name", id: "name" })), part("label", {}, "メールアドレス", part("input", { name: "email", id: "email" })), part("button", { id: "go" }, "送信")); return made; };`;
const routes = (script, body = "<div id=host></div>") => ({
  "GET /": page(body, { script: build + script }), "POST /send": page("<h1>完了</h1>"),
});
const values = { email: "kai@example.jp", name: "松本 海" };
const story = async ({ browser, site, conversions }) => {
  await browser.goto(site.origin + "/");
  await browser.waitFor(() => document.querySelector("#name") || document.querySelector("#host")?.shadowRoot?.querySelector("#name"));
  await browser.fill("#name", "松本 海");
  await browser.fill("#email", "kai@example.jp");
  await browser.click("#go");
  await browser.waitFor(() => document.querySelector("h1"));
  await conversions([{ grade: "confirmed", values }]);
};

export default {
  "a form in an open shadow tree": { routes: routes(`document.querySelector("#host").attachShadow({ mode: "open" }).append(form());`), story },
  "a form in a closed shadow tree": {
    engines: ["chromium", "firefox"],
    routes: routes(`document.querySelector("#host").attachShadow({ mode: "closed" }).append(form()); document.querySelector("#host").tabIndex = 0;`),
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/");
      await browser.keyboard(["Tab", "Tab", "松本 海", "Tab", "kai@example.jp", "Enter"]);
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: "confirmed", values }]);
    },
  },
  "a form inserted five seconds later": { routes: routes(`setTimeout(() => document.querySelector("#host").append(form()), 5000);`), story },
  "a form moved from another document": {
    routes: {
      ...routes(`const frame = document.createElement("iframe"); frame.src = "/inner"; document.body.append(frame);
        frame.onload = () => { if (frame.contentDocument.forms[0]) document.querySelector("#host").append(frame.contentDocument.forms[0]); };`),
      "GET /inner": page(`<form method="post" action="/send"><label>お名前<input name="name" id="name"></label><label>メールアドレス<input name="email" id="email"></label><button id="go">送信</button></form>`, { tag: false }),
    },
    story,
  },
};
