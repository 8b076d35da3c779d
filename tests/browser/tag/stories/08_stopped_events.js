// The page stops the event before anybody else sees it.

import { json, page } from "../site.js";

const html = `<script src="/first.js"></script><div id="app"><form><p>会社名 <input name="company"></p><p>メール <input name="mail"></p><button>送信</button></form></div>`;
const first = `
  addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const answer = await fetch("/api", { method: "POST", body: new FormData(event.target) });
    if (answer.ok) document.querySelector("#app").textContent = "送信しました";
  }, true);`;

export default {
  "a stopped event, a request and a text in place of the form are a confirmed conversion": {
    routes: {
      "GET /": { ...page(html, { head: `<script src="/first.js"></script>` }) },
      "GET /first.js": { headers: { "content-type": "text/javascript" }, body: first },
      "POST /api": json({}),
    },
    async story({ browser, site, conversions, accepted }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=company]", "中村印刷");
      await browser.fill("[name=mail]", "info@example.jp");
      await browser.click("button");
      await browser.waitFor(() => document.querySelector("#app").textContent == "送信しました");
      await conversions([{ grade: accepted, evidence: ["formdata", "form_gone"], values: { email: "info@example.jp", company: "中村印刷" } }]);
    },
  },
};
