// 入力→確認→完了 on one URL: values stay in the session and are shown as text, the form has only a token.

import { escape, fields, page } from "../site.js";

const routes = () => {
  let kept = {};
  const input = () => page(`<form method="post" action="/inquiry">
    <p>氏名<br>姓<input name="sei" value="${escape(kept.sei ?? "")}"> 名<input name="mei" value="${escape(kept.mei ?? "")}"></p>
    <p>メールアドレス<br><input name="mailaddr" value="${escape(kept.mailaddr ?? "")}"></p>
    <p>メールアドレス（確認）<br><input name="mailaddr2" value="${escape(kept.mailaddr2 ?? "")}"></p>
    <button name="to" value="confirm">確認する</button></form>`);
  return {
    "GET /inquiry": input,
    "POST /inquiry": (request) => {
      const sent = fields(request);
      if (sent.to == "confirm") {
        kept = sent;
        return page(`<h1>確認</h1><p>氏名 ${escape(kept.sei)} ${escape(kept.mei)}</p><p>メールアドレス ${escape(kept.mailaddr)}</p>
          <form method="post" action="/inquiry"><input type="hidden" name="_token" value="abc">
          <button name="to" value="back">修正する</button><button name="to" value="done">送信する</button></form>`);
      }
      return sent.to == "back" ? input() : page("<h1>完了</h1>");
    },
  };
};

export default {
  "a step of confirmation without any values gives one conversion with those of the first step": {
    routes: routes(),
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/inquiry");
      await browser.fill("[name=sei]", "高橋");
      await browser.fill("[name=mei]", "結衣");
      await browser.fill("[name=mailaddr]", "yui@example.com");
      await browser.fill("[name=mailaddr2]", "yui@example.com");
      await browser.click("button");
      await browser.waitFor(() => document.querySelector("h1")?.textContent == "確認");
      await conversions([]);
      await browser.reload().catch(() => {});
      await browser.click("[value=done]");
      await browser.waitFor(() => document.querySelector("h1")?.textContent == "完了");
      await conversions([{
        grade: "confirmed",
        values: { email: "yui@example.com", family_name: "高橋", given_name: "結衣" },
      }]);
    },
  },
};
