// Pages that are applications: no form at all, steps that hide earlier ones, and Turbo.

import { json, page } from "../site.js";

const react = `<div id="root"><div class="field"><span>お名前</span><input placeholder="山田 太郎"></div>
  <div class="field"><span>メールアドレス</span><input placeholder="you@example.com"></div><div><div role="button" tabindex="0">送信する</div></div></div>`;
const reactScript = `
  document.querySelector("[role=button]").onclick = async () => {
    const answer = await fetch("/api/leads", { method: "POST", body: "{}" });
    if (!answer.ok) { document.body.dataset.failed = "1"; return; }
    history.pushState({}, "", "/complete");
    const done = document.createElement("h1"); done.textContent = "完了"; document.querySelector("#root").replaceChildren(done);
  };`;

const wizard = `<form method="post" action="/send"><div id="one"><p>会社名 <input name="company"></p><p>メール <input name="mail"></p><button type="button" id="next">次へ</button></div>
  <div id="two" hidden><p>電話番号 <input name="tel"></p><button id="go">送信</button></div></form>`;
const wizardScript = `document.querySelector("#next").onclick = () => { document.querySelector("#one").hidden = true; document.querySelector("#two").hidden = false; };`;

const turbo = `<form id="t"><p>氏名 <input name="name"></p><p>メール <input name="email"></p><button>送信</button></form>`;
const turboScript = `
  const bind = () => document.querySelector("#t").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch("/turbo", { method: "POST", body: new FormData(form) });
    const detail = { success: answer.ok, formSubmission: {}, fetchResponse: {} };
    form.dispatchEvent(new CustomEvent("turbo:submit-end", { bubbles: true, detail }));
    if (answer.ok) { history.pushState({}, "", "/turbo/done"); document.body.replaceChildren("完了"); return; }
    const again = form.cloneNode(true);
    form.replaceWith(again);
    again.querySelectorAll("input").forEach((input, place) => { input.value = form.querySelectorAll("input")[place].value; });
    document.body.dataset.failed = "1";
    bind();
  });
  bind();`;

export default {
  "inputs without a form, a request and another URL are a confirmed conversion": {
    routes: { "GET /": page(react, { script: reactScript }), "POST /api/leads": json({}, 201) },
    async story({ browser, site, conversions, accepted, arrived, ready }) {
      await browser.goto(site.origin + "/");
      await arrived();
      await browser.fill("[placeholder='山田 太郎']", "加藤 蓮");
      await browser.fill("[placeholder='you@example.com']", "ren@example.jp");
      await ready();
      await browser.click("[role=button]");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: accepted, evidence: ["click", "moved"], values: { email: "ren@example.jp", name: "加藤 蓮" } }]);
    },
  },
  "a refused request without a form is none": {
    routes: { "GET /": page(react, { script: reactScript }), "POST /api/leads": json({}, 400) },
    async story({ browser, site, conversions, reported }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[placeholder='you@example.com']", "ren@example.jp");
      await browser.click("[role=button]");
      await browser.waitFor(() => document.body.dataset.failed);
      await reported("failed");
      await conversions([]);
    },
  },
  "a wizard hides its earlier steps at the last submit": {
    routes: { "GET /": page(wizard, { script: wizardScript }), "POST /send": page("<h1>完了</h1>") },
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=company]", "吉田電機");
      await browser.fill("[name=mail]", "y@example.jp");
      await browser.click("#next");
      await browser.fill("[name=tel]", "06-1234-5678");
      await browser.click("#go");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: "confirmed", values: { email: "y@example.jp", company: "吉田電機", phone: "06-1234-5678" } }]);
    },
  },
  "Turbo says failure, then success": {
    routes: {
      "GET /": page(turbo, { script: turboScript }),
      "POST /turbo": (request) => json({}, /name="name"\r\n\r\n\S/.test(request.body) ? 200 : 422),
    },
    async story({ browser, site, conversions, reported, arrived, ready }) {
      await browser.goto(site.origin + "/");
      await arrived();
      await browser.fill("[name=email]", "sora@example.jp");
      await ready();
      await browser.click("button");
      await browser.waitFor(() => document.body.dataset.failed);
      await reported("failed");
      await conversions([]);
      await browser.fill("[name=name]", "山本 空");
      await browser.click("button");
      await browser.waitFor(() => document.body.textContent == "完了");
      await conversions([{ grade: "confirmed", evidence: ["submit", "turbo:submit-end"], values: { email: "sora@example.jp", name: "山本 空" } }]);
    },
  },
};
