// A form like Contact Form 7's: `novalidate`, status 200 whatever happens, and events that say what did.

import { json, page } from "../site.js";

const html = `<div class="wpcf7"><form class="wpcf7-form" action="/#wpcf7-f1" method="post" novalidate>
  <p><label>お名前<br><input name="your-name" type="text"></label></p>
  <p><label>メールアドレス<br><input name="your-email" type="email"></label></p>
  <p><label>題名<br><input name="your-subject"></label></p>
  <input type="submit" value="送信"><div class="output"></div></form></div>`;

const script = (events) => `
  const form = document.querySelector("form");
  new FormData(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await (await fetch("/feedback", { method: "POST", body: new FormData(form) })).json();
    document.querySelector(".output").textContent = answer.message;
    if (answer.status == "mail_sent") form.reset();
    const name = { validation_failed: "invalid", mail_failed: "mailfailed", mail_sent: "mailsent" }[answer.status];
    for (const one of ["submit", name]) ${events} && form.dispatchEvent(new CustomEvent("wpcf7" + one, { bubbles: true, detail: answer }));
  });`;

const routes = (events) => ({
  "GET /": page(html, { script: script(events) }),
  "POST /feedback": (request) => {
    const subject = request.body.match(/your-subject"\r\n\r\n(.*)\r/)[1];
    return json(subject == "" ? { status: "validation_failed", message: "必須項目に入力してください" }
      : subject == "失敗" ? { status: "mail_failed", message: "送信に失敗しました" } : { status: "mail_sent", message: "ありがとうございます" });
  },
});

const values = { email: "ken@example.jp", name: "伊藤 健" };

export default {
  "validation fails, then the mail, then it is sent: nothing, likely, confirmed": {
    routes: routes(true),
    async story({ browser, site, conversions, reported, ready }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=your-name]", "伊藤 健");
      await browser.fill("[name=your-email]", "ken@example.jp");
      await ready();
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.querySelector(".output").textContent.startsWith("必須"));
      await reported("failed");
      await conversions([]);
      await browser.fill("[name=your-subject]", "失敗");
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.querySelector(".output").textContent.startsWith("送信に失敗"));
      await conversions([{ grade: "likely", evidence: ["submit", "wpcf7mailfailed"], values }]);
      await browser.fill("[name=your-subject]", "見積もり");
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.querySelector(".output").textContent.startsWith("ありがとう"));
      await conversions([{ grade: "likely" }, { grade: "confirmed", evidence: ["submit", "wpcf7mailsent"], values }]);
    },
  },
  "without events, an answered request and the emptied form are the evidence": {
    routes: routes(false),
    async story({ browser, site, conversions }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=your-name]", "伊藤 健");
      await browser.fill("[name=your-email]", "ken@example.jp");
      await browser.fill("[name=your-subject]", "見積もり");
      await browser.click("[type=submit]");
      await browser.waitFor(() => document.querySelector(".output").textContent.startsWith("ありがとう"));
      await conversions([{ values }]);
    },
  },
};
