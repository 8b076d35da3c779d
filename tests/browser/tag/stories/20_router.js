// A router decides what follows a conversion: the times of a host, a text in the dialog, or another page.

import { expect, look } from "../../browser.js";
import { page, redirect } from "../site.js";

const form = `<h1>お問い合わせ</h1><form method="post" action="/send"><p>お名前 <input name="name"></p><p>メールアドレス <input name="email"></p><button id="send">送信</button></form>`;
const routes = { "GET /": page(form), "POST /send": redirect("/done"), "GET /done": page("<h1>ありがとうございました</h1>") };

const message = { kind: "message", text: { ja: "会社のアドレスでお申し込みいただくと、すぐに日程をお選びいただけます。", en: "" } };
const chart = {
  name: "お問い合わせの振り分け", start: "free",
  nodes: {
    free: { kind: "condition", all: [{ fact: "email.free_mail", operator: "equals", value: true }], next: { match: "text", otherwise: "team", error: "text" } },
    text: { kind: "outcome", outcome: message },
    team: { kind: "outcome", outcome: { kind: "page", page: "sales/demo" }, fallback: message },
  },
};

/** The dialog after a conversion, as text. */
const convert = async (browser, site, email) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=name]", "森 陽子");
  await browser.fill("[name=email]", email);
  await browser.click("#send");
  await browser.waitFor(() => document.querySelector("tsugite-dialog"));
  await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("[data-focus]"));
  return browser.evaluate(() => document.querySelector("tsugite-dialog").shadowRoot.textContent);
};

export default {
  "free mail gets a text, a company the times of its page, and the booking tells of the router": {
    routes, onlyTagged: true, configDelay: 0,
    async story({ browser, site, server, engine }) {
      await server.router("inbound", chart);
      await server.configure([site.origin], { forms: [{ name: "お問い合わせ", fields: { email: "email", name: "name" }, then: { kind: "router", router: "inbound" } }] });
      const said = await convert(browser, site, "yoko.mori@gmail.com");
      expect(said.includes("会社のアドレスで"), said);
      if (engine == "chromium") await look(browser.page, "tag-router-message");
      await browser.click(".row button.main");
      expect(!await browser.evaluate(() => document.querySelector("tsugite-dialog")), "the text stays");
      const email = `yoko${Date.now()}@mori-shokai.example`;
      await convert(browser, site, email);
      await browser.click(".times button");
      await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("form"));
      await browser.click("form button.main");
      await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("a[target=_blank]"));
      const booking = (await server.bookings()).find((one) => one.attendee.email == email);
      expect(booking, "no booking");
      const decision = await server.decisionOf(booking.id);
      expect(decision?.path.map((at) => at.exit).join() == "otherwise,end", JSON.stringify(decision));
    },
  },
};
