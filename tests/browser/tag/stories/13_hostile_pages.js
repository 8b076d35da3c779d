// Names that hide the form's own properties, and inputs of all kinds.

import { page } from "../site.js";

const hostile = `<form method="post" action="/send" name="f">
  <input type="hidden" name="submit" value="1"><input type="hidden" name="elements" value="2"><input type="hidden" name="id" value="3"><input type="hidden" name="getAttribute" value="4">
  <input type="hidden" name="target" value="5"><input type="hidden" name="localName" value="6"><input type="hidden" name="nodeType" value="7"><input type="hidden" name="closest" value="8">
  <input type="hidden" name="querySelectorAll" value="9"><input type="hidden" name="contains" value="10"><input type="hidden" name="isConnected" value="11"><input type="hidden" name="getRootNode" value="12">
  <p>お名前 <input name="name"></p><button>送信</button></form><p>メールアドレス <input name="email" form="f"></p><p>メールアドレス <input name="mail" form="main"></p>
  <script src="/none.js"></script>`.replace("name=\"f\"", "id=\"f\"");

const kinds = `<form id="main" method="post" action="/send"><fieldset><dl>
  <dt>お名前</dt><dd><input name="name"></dd>
  <dt>メールアドレス</dt><dd><input name="mail"></dd>
  <dt>電話番号</dt><dd><input name="tel1" size="4">-<input name="tel2" size="4">-<input name="tel3" size="4"></dd>
  <dt>ご用件</dt><dd><label><input type="radio" name="purpose" value="見積">見積</label><label><input type="radio" name="purpose" value="資料" id="doc">資料</label></dd>
  <dt>製品</dt><dd><label><input type="checkbox" name="products" value="A" id="pa">A</label><label><input type="checkbox" name="products" value="B" id="pb">B</label><label><input type="checkbox" name="products" value="C">C</label></dd>
  <dt>地域</dt><dd><select name="areas" multiple><option>東京</option><option>大阪</option><option>福岡</option></select></dd>
  <dt>ご質問</dt><dd><textarea name="body"></textarea></dd></dl></fieldset><button>送信</button></form>`;
const disables = `document.querySelector("form").addEventListener("submit", () => setTimeout(() => { document.querySelector("fieldset").disabled = true; }));
  addEventListener("submit", () => { document.querySelector("fieldset").dataset.seen = "1"; });`;

export default {
  "inputs named as the form's own properties change nothing": {
    routes: { "GET /": page(hostile), "GET /none.js": { headers: { "content-type": "text/javascript" }, body: "" }, "POST /send": page("<h1>完了</h1>") },
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/");
      // The browser's driver stumbles over such a form too, so this is done with the keyboard.
      await browser.keyboard(["Tab", "井上 凛", "Tab", "Tab", "rin@example.jp", "Enter"]);
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: "confirmed", values: { email: "rin@example.jp", name: "井上 凛" } }]);
    },
  },
  "inputs of all kinds, full-width signs, a text area of 70 KB, and a fieldset that the page disables": {
    routes: { "GET /": page(kinds, { script: disables }), "POST /send": page("<h1>完了</h1>") },
    config: { forms: [{ name: "お問い合わせ", fields: { email: "mail", purpose: "purpose", products: "products", areas: "areas", question: "body" } }] },
    async story({ browser, site, relay, tagged, conversions }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=name]", "木村 翼");
      await browser.fill("[name=mail]", "ｔｓｕｂａｓａ＠example.co.jp");
      await browser.fill("[name=tel1]", "０３");
      await browser.fill("[name=tel2]", "１２３４");
      await browser.fill("[name=tel3]", "５６７８");
      await browser.click("#doc");
      await browser.click("#pa");
      await browser.click("#pb");
      await browser.select("[name=areas]", ["東京", "福岡"]);
      await browser.evaluate(() => { document.querySelector("textarea").value = "あ".repeat(24000); });
      await browser.click("button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{
        grade: "confirmed",
        values: {
          email: "tsubasa@example.co.jp", name: "木村 翼", phone: "03-1234-5678", purpose: "資料", products: "A\nB", areas: "東京\n福岡",
        },
      }]);
      if (tagged && relay.sent.some((one) => Buffer.byteLength(one.body) > 65536)) throw new Error("too large");
    },
  },
};
