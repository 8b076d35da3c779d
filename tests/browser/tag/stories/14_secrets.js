// What must never leave the page, proved by what passed between the tag and the server.

import { page } from "../site.js";

const body = `
  <form id="contact" method="post" action="/send" enctype="multipart/form-data">
    <p>お名前 <input name="name"></p><p>メールアドレス <input name="email"></p>
    <p>カード番号 <input name="card_number" autocomplete="cc-number"></p><p>セキュリティコード <input name="cvv"></p>
    <p>マイナンバー <input name="my"></p><p>備考 <textarea name="note"></textarea></p><p>会社名 <input name="company"></p>
    <p>認証コード <input name="otp" autocomplete="one-time-code"></p><p>添付 <input type="file" name="file"></p>
    <p data-tsugite-ignore>部署 <input name="department"></p>
    <p class="trap">TEL <input name="tel" value="09012345678"></p>
    <input type="hidden" name="csrf_token" value="SECRET-CSRF"><input type="hidden" name="cf-turnstile-response" value="SECRET-TURNSTILE">
    <button>送信</button></form>
  <form id="login" method="post" action="/login"><input name="user" type="email"><input name="pw" type="password"><button>ログイン</button></form>
  <form id="search" action="/search"><input name="q"><button>検索</button></form>
  <form id="news" method="post" action="/news"><input name="news_mail" type="email" placeholder="メールアドレス"><button>登録</button></form>`;
const routes = {
  "GET /style.css": { headers: { "content-type": "text/css" }, body: ".trap { position: absolute; left: -5000px }" },
  "GET /": page(body, { head: `<link rel="stylesheet" href="/style.css">` }), "POST /send": page("<h1>完了</h1>"), "POST /login": page("<h1>ようこそ</h1>"),
  "GET /search": page("<h1>検索結果</h1>"), "POST /news": page("<h1>登録しました</h1>"),
};
/** The attempt's ID and the page's token are drawn by chance, and may hold any digits. */
const drawn = /"(id|token)":"[\w.-]*"/g;
const silent = (relay, ...secrets) => {
  for (const one of relay.sent) {
    const sent = one.path + one.body.replaceAll(drawn, "") + JSON.stringify(one.headers);
    for (const secret of secrets) if (sent.includes(secret)) throw new Error(`${secret} left the page: ${one.body}`);
  }
};
const at = async (browser, site) => {
  await browser.goto(site.origin + "/");
};

export default {
  "cards, numbers of persons, codes, tokens, traps and what is marked stay on the page": {
    routes,
    // Everything is mapped, and still nothing of it leaves.
    config: { forms: [{ name: "contact", fields: { email: "email", a: "card_number", b: "cvv", c: "my", d: "note", e: "otp", f: "file", g: "csrf_token", h: "cf-turnstile-response", i: "department", j: "company" } }] },
    unordered: true,
    async story({ browser, site, relay, conversions }) {
      await at(browser, site);
      await browser.fill("#contact [name=name]", "林 大輝");
      await browser.fill("#contact [name=email]", "daiki@example.jp");
      await browser.fill("[name=card_number]", "4111111111111111");
      await browser.fill("[name=cvv]", "cvv-of-the-card");
      await browser.fill("[name=my]", "123456789018");
      await browser.fill("[name=note]", "カードは 5555-5555-5555-4444 で、暗証は7391です");
      await browser.fill("[name=company]", "４２４２ ４２４２ ４２４２ ４２４２");
      await browser.fill("[name=otp]", "445566");
      await browser.fill("[name=department]", "極秘部");
      await browser.click("#contact button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: "confirmed", values: { email: "daiki@example.jp", name: "林 大輝" } }]);
      silent(relay, "4111", "cvv-of-the-card", "123456789018", "5555", "7391", "４２４２", "4242", "445566", "極秘部", "SECRET", "09012345678");
    },
  },
  "a form that signs in": {
    routes,
    async story({ browser, site, relay, conversions }) {
      await at(browser, site);
      await browser.fill("#login [name=user]", "daiki@example.jp");
      await browser.fill("#login [name=pw]", "hunter2hunter2");
      await browser.click("#login button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([]);
      silent(relay, "daiki@", "hunter2");
    },
  },
  "a search of the site": {
    routes,
    async story({ browser, site, relay, conversions }) {
      await at(browser, site);
      await browser.fill("#search [name=q]", "採用 給与");
      await browser.click("#search button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([]);
      silent(relay, "給与", encodeURIComponent("給与"));
    },
  },
  "a newsletter's form that nobody has switched on": {
    routes,
    async story({ browser, site, relay, conversions }) {
      await at(browser, site);
      await browser.fill("#news [name=news_mail]", "daiki@example.jp");
      await browser.click("#news button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([]);
      silent(relay, "daiki@");
    },
  },
};
