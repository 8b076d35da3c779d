// 入力→確認→完了 with two URLs; the step of confirmation carries the values in hidden inputs.

import { escape, fields, page } from "../site.js";

const names = ["company", "name", "kana", "email"];
const labels = { company: "会社名", name: "ご担当者名", kana: "フリガナ", email: "メールアドレス" };

const input = (values = {}) => page(`<form method="post" action="/form/confirm"><table>${
  names.map((name) => `<tr><th>${labels[name]}</th><td><input name="${name}" value="${escape(values[name] ?? "")}"></td></tr>`).join("")
}</table><input type="submit" value="確認画面へ進む"></form>`);

const confirm = (values) => page(`<h1>入力内容の確認</h1><form method="post" action="/form/send"><table>${
  names.map((name) => `<tr><th>${labels[name]}</th><td>${escape(values[name])}<input type="hidden" name="${name}" value="${escape(values[name])}"></td></tr>`).join("")
}</table><input type="submit" name="back" value="戻る"><input type="submit" name="send" value="この内容で送信する"></form>`);

const routes = {
  "GET /form": input(),
  "POST /form/confirm": (request) => confirm(fields(request)),
  "POST /form/send": (request) => fields(request).back ? input(fields(request)) : page(`<h1>送信完了</h1><p>${escape(fields(request).email)} に確認メールをお送りしました。</p><p><a href="/">トップへ戻る</a></p>`),
  "GET /": page("top"),
};

const fill = async (browser, site) => {
  await browser.goto(site.origin + "/form");
  await browser.fill("[name=company]", "テスト工業株式会社");
  await browser.fill("[name=name]", "鈴木　一郎");
  await browser.fill("[name=kana]", "スズキ　イチロウ");
  await browser.fill("[name=email]", "ichiro@example.co.jp");
  await browser.click("[type=submit]");
  await browser.waitFor(() => document.querySelector("h1"));
};

export default {
  "nothing is converted at the step of confirmation, and once at the end, with what was edited": {
    routes,
    async story({ browser, site, conversions }) {
      await fill(browser, site);
      await conversions([]);
      await browser.click("[name=back]");
      await browser.waitFor(() => document.querySelector("input[name=email]:not([type=hidden])"));
      await browser.fill("[name=email]", "ichiro.suzuki@example.co.jp");
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([]);
      await browser.click("[name=send]");
      await browser.waitFor(() => document.body.innerText.includes("送信完了"));
      await conversions([{
        grade: "confirmed", evidence: ["submit", "confirm_step", "next_page"],
        values: { email: "ichiro.suzuki@example.co.jp", name: "鈴木 一郎", kana: "スズキ イチロウ", company: "テスト工業株式会社" },
      }]);
    },
  },
  "a visitor who leaves at the step of confirmation has not converted": {
    routes,
    async story({ browser, site, conversions }) {
      await fill(browser, site);
      await browser.goto(site.origin + "/");
      await conversions([]);
    },
  },
};
