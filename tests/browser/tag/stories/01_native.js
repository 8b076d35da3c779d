// A native POST that is redirected to a page of thanks.

import { withDialog } from "../server.js";
import { page, redirect } from "../site.js";

const form = `<form method="post" action="/contact">
  <table>
    <tr><th>会社名</th><td><input name="company"></td></tr>
    <tr><th>お名前 <span>必須</span></th><td><input name="your-name"></td></tr>
    <tr><th>メールアドレス</th><td><input name="mail"></td></tr>
    <tr><th>内容</th><td><textarea name="body"></textarea></td></tr>
  </table>
  <button>送信する</button></form><a href="/about">会社概要</a>`;

const routes = {
  "GET /contact": page(form),
  "POST /contact": redirect("/thanks"),
  "GET /thanks": page("<h1>ありがとうございました</h1>"),
  "GET /about": page("<h1>会社概要</h1>"),
};

const send = async (browser, site) => {
  await browser.goto(site.origin + "/contact?utm_source=mail&secret=1");
  await browser.fill("[name=company]", "株式会社サンプル");
  await browser.fill("[name=your-name]", "山田 太郎");
  await browser.fill("[name=mail]", "taro@example.co.jp");
  await browser.fill("[name=body]", "資料をください");
  await browser.click("button");
  await browser.waitFor(() => location.pathname == "/thanks");
};

export default {
  "a native POST that ends on a page of thanks is one confirmed conversion, also after reload and back": {
    routes,
    config: withDialog,
    async story({ browser, site, conversions, offered }) {
      await send(browser, site);
      await conversions([{
        grade: "confirmed", evidence: ["submit", "next_page"],
        values: { email: "taro@example.co.jp", name: "山田 太郎", company: "株式会社サンプル" },
        page_url: site.origin + "/contact?utm_source=mail",
      }]);
      await offered();
      await browser.reload();
      await browser.back();
      await browser.forward();
      await conversions([{ grade: "confirmed" }]);
    },
  },
  "a link that is followed without submitting is none": {
    routes,
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/contact");
      await browser.fill("[name=mail]", "taro@example.co.jp");
      await browser.click("a");
      await browser.waitFor(() => location.pathname == "/about");
      await conversions([]);
    },
  },
};
