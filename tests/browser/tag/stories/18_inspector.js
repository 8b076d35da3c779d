// The inspector on the customer's page: opened by a link of the console, a form mapped by clicks and by keyboard, and what
// the tag makes of a submission, over two pages.

import { expect, look } from "../../browser.js";
import { page, redirect } from "../site.js";

const routes = {
  "GET /seminar": page(`<main><h1>セミナー申込</h1><form method="post" action="/apply" name="apply"><p><label>ご担当者さま <input name="f1"></label></p><p><label>連絡用アドレス <input name="f2"></label></p><p><label>ご希望の席 <input name="f3"></label></p><button id="apply">申し込む</button></form></main>`),
  "POST /apply": redirect("/thanks"),
  "GET /thanks": page("<main><h1>お申し込みありがとうございました</h1></main>"),
};

const signIn = async (tab, server) => {
  await tab.goto(`${server.url}/sign-in?language=ja`);
  await tab.fill("[name=email]", process.env.TSUGITE_EMAIL ?? "demo@tsugite.example");
  await tab.fill("[name=password]", process.env.TSUGITE_PASSWORD ?? "tsugite-demo");
  await tab.keyboard.press("Enter");
  await tab.locator(".me").first().waitFor({ state: "attached" });
};

const open = async ({ browser, site, server }) => {
  const tab = browser.page;
  await signIn(tab, server);
  await tab.goto(`${server.url}/console/tag/inspect?url=${encodeURIComponent(`${site.origin}/seminar?utm_source=mail`)}`);
  await tab.locator("tsugite-inspector h2").waitFor();
  return tab;
};
const log = (tab) => tab.locator("tsugite-inspector [role=log]");
// Played alone: what it saves must not be replaced by the settings of another story.
const inChromium = (story) => ({ routes, onlyTagged: true, configDelay: 0, engines: ["chromium"], config: { consent: "not_required" }, story });

export default {
  "a form is mapped by a click on the page and by keyboard, and its submission is explained over two pages": inChromium(async (given) => {
    const { browser, site, conversions } = given;
    const tab = await open(given);
    expect(tab.url() == `${site.origin}/seminar?utm_source=mail`, `the link's token stays in the address: ${tab.url()}`);
    await tab.locator("tsugite-inspector .cards li").waitFor();
    await look(tab, "tag-inspector-forms");
    await tab.getByRole("button", { name: "マッピングする" }).click();
    await tab.getByRole("button", { name: "ページ上の入力欄" }).click();
    await tab.click("[name=f3]");
    expect(await tab.evaluate(() => document.querySelector("tsugite-inspector").shadowRoot.activeElement?.localName) == "select", "the row of the input has no focus");
    await tab.getByLabel(/ご希望の席 f3/).selectOption("*");
    await tab.getByLabel(/キー.*ご希望の席/).fill("seat");
    await tab.getByRole("button", { name: "ページ上の入力欄" }).click();
    const address = tab.getByLabel(/連絡用アドレス f2/);
    await address.selectOption("name");
    await tab.getByLabel(/ご担当者さま f1/).selectOption("name");
    await tab.getByRole("button", { name: "保存" }).click();
    await tab.locator("tsugite-inspector [role=alert] p").waitFor();
    await look(tab, "tag-inspector-mapping");
    await address.focus();
    await tab.keyboard.press("Home");
    await address.selectOption("email");
    await tab.getByRole("button", { name: "保存" }).focus();
    await tab.keyboard.press("Enter");
    await tab.locator("tsugite-inspector [role=status]", { hasText: "保存しました" }).waitFor();
    await tab.locator("tsugite-inspector .cards li", { hasText: "マッピング済み" }).waitFor();
    await tab.fill("[name=f1]", "山田 花子");
    await tab.fill("[name=f2]", "hanako@example.jp");
    await tab.fill("[name=f3]", "窓側");
    await tab.click("#apply");
    await tab.waitForURL("**/thanks");
    await log(tab).getByText("判定: 確実").waitFor();
    const said = await log(tab).innerText();
    for (const part of ["ページを開きました: /seminar", "フォームが送信されようと", "ページを開きました: /thanks", "次のページにフォームがありません", "seat"]) {
      expect(said.includes(part), `${part} is not in: ${said}`);
    }
    expect(!said.includes("hanako") && !said.includes("花子"), `what was typed is kept: ${said}`);
    await look(tab, "tag-inspector-log");
    await tab.setViewportSize({ width: 320, height: 640 });
    await look(tab, "tag-inspector-small");
    await conversions([{ grade: "confirmed", values: { email: "hanako@example.jp", name: "山田 花子", seat: "窓側" } }]);
    await tab.getByRole("button", { name: "インスペクターを終了" }).click();
    await tab.reload();
    await browser.waitFor(() => window.tsugite && !window.tsugite.q);
    expect(await tab.evaluate(() => !document.querySelector("tsugite-inspector") && !sessionStorage.getItem("tsugite.inspector")), "it opens again");
  }),
  "a link that is over or forged says so and shows nothing": inChromium(async ({ browser, site }) => {
    await browser.goto(`${site.origin}/seminar?a=1#tsugite=forged`);
    const panel = browser.page.locator("tsugite-inspector");
    await panel.getByText(/expired|有効期限/).waitFor();
    expect(browser.page.url() == `${site.origin}/seminar?a=1`, browser.page.url());
    expect(await panel.locator("li, [role=log]").count() == 0, "it shows more");
  }),
};
