// The server shows the form again with an error.

import { escape, fields, page, redirect } from "../site.js";

const form = (values = {}, error = "", status = 200) => page(`${error && `<p class="error">${error}</p>`}
  <form method="post" action="/entry"><dl>
    <dt>お名前</dt><dd><input name="name" value="${escape(values.name ?? "")}"></dd>
    <dt>貴社名</dt><dd><input name="corp" value="${escape(values.corp ?? "")}"></dd>
    <dt>E-mail</dt><dd><input name="email" value="${escape(values.email ?? "")}"></dd>
    <dt>電話番号</dt><dd><input name="tel" value="${escape(values.tel ?? "")}"></dd>
  </dl><input type="submit" value="送信"></form>`, { status });

const routes = (status) => ({
  "GET /entry": form(),
  "POST /entry": (request) => {
    const values = fields(request);
    if (!values.corp) return form(values, "貴社名を入力してください", status);
    if (!/^0\d+$/.test(values.tel)) return form(values, "電話番号を確認してください", status);
    return redirect("/entry/done");
  },
  "GET /entry/done": page("<p>受け付けました</p>"),
});

const story = async ({ browser, site, conversions, reported }) => {
  await browser.goto(site.origin + "/entry");
  await browser.fill("[name=name]", "佐藤花子");
  await browser.fill("[name=email]", "hanako@example.jp");
  await browser.fill("[name=tel]", "abc");
  await browser.click("[type=submit]");
  await browser.waitFor(() => document.body.innerText.includes("貴社名を入力"));
  await reported("failed");
  await browser.fill("[name=corp]", "サンプル商事");
  await browser.fill("[name=email]", "hanako.sato@example.jp");
  await browser.click("[type=submit]");
  await browser.waitFor(() => document.body.innerText.includes("電話番号を確認"));
  await reported("failed", 2);
  await browser.fill("[name=tel]", "0312345678");
  await browser.click("[type=submit]");
  await browser.waitFor(() => location.pathname == "/entry/done");
  await conversions([{
    grade: "confirmed",
    values: { email: "hanako.sato@example.jp", name: "佐藤花子", company: "サンプル商事", phone: "0312345678" },
  }]);
};

export default {
  "a form shown twice with an error, then accepted, is one conversion with the last values": { routes: routes(200), story },
  "the same with status 422": { routes: routes(422), story },
  "an error page without the form is none": {
    routes: { "GET /entry": form(), "POST /entry": page("<h1>送信できませんでした</h1>", { status: 500, title: "エラー" }) },
    async story({ browser, site, conversions, reported }) {
      await browser.goto(site.origin + "/entry");
      await browser.fill("[name=name]", "佐藤花子");
      await browser.fill("[name=email]", "hanako@example.jp");
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.body.innerText.includes("できませんでした"));
      await reported("failed");
      await conversions([]);
    },
  },
};
