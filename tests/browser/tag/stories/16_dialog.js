// The dialog after a conversion: it survives the redirect, asks for nothing twice, and books.

import { expect, look } from "../../browser.js";
import { withDialog } from "../server.js";
import { page, redirect } from "../site.js";

const form = `<h1>資料請求</h1><form method="post" action="/send"><p>会社名 <input name="company"></p><p>お名前 <input name="name"></p><p>メールアドレス <input name="email"></p><button id="send">送信</button></form>`;
const routes = {
  "GET /": page(form), "POST /send": redirect("/done"), "GET /done": page("<h1>ありがとうございました</h1><p>担当者よりご連絡いたします。</p>"), "GET /other": page("<h1>別のページ</h1>"),
};
let people = 0;

const convert = async (browser, site, address = `dialog${++people}@example.jp`) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=company]", "継手商会");
  await browser.fill("[name=name]", "山口 詩");
  await browser.fill("[name=email]", address);
  await browser.click("#send");
  await browser.waitFor(() => document.querySelector("tsugite-dialog"));
  return address;
};
const inDialog = (browser, does, argument) => browser.evaluate(`(${does})(document.querySelector("tsugite-dialog")?.shadowRoot, ${JSON.stringify(argument ?? null)})`);
const text = (browser) => inDialog(browser, (root) => root?.textContent ?? "");
/** What is looked at, and what needs its own keys, is played in Chromium alone. */
const inChromium = (made) => ({ ...made, engines: ["chromium"] });
const story = (does) => ({ routes, onlyTagged: true, config: withDialog, configDelay: 0, story: does });

const stories = {
  "a visitor elsewhere sees the times of their own zone, also on the page of the booking": inChromium(story(async ({ browser, site, server }) => {
    await (await browser.context.newCDPSession(browser.page)).send("Emulation.setTimezoneOverride", { timezoneId: "America/New_York" });
    const address = await convert(browser, site);
    const button = browser.page.locator("tsugite-dialog .times button").first();
    const start = await button.getAttribute("data-start");
    const own = new Date(start).toLocaleTimeString("en-GB", { timeZone: "America/New_York", hour: "2-digit", minute: "2-digit" });
    expect(await button.innerText() == own, `${await button.innerText()} is not ${own}`);
    await button.click();
    await browser.click("form button.main");
    const link = browser.page.locator("tsugite-dialog a[target=_blank]");
    expect((await link.getAttribute("href")).includes("zone=America%2FNew_York"), await link.getAttribute("href"));
    expect((await server.bookings()).some((one) => one.attendee.email == address && Date.parse(one.start) == Date.parse(start)), "another time was booked");
  })),
  "a conversion opens the dialog on the page of thanks; times, confirmation, and nothing is asked that the form had": story(async ({ browser, site, server }) => {
    const address = await convert(browser, site);
    await browser.click(".times button");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("form"));
    const asked = await inDialog(browser, (root) => [...root.querySelectorAll("[name^=attendee]")].map((input) => input.name));
    expect(asked.length == 0, `asked again: ${asked}`);
    expect((await text(browser)).includes("山口 詩 様"), await text(browser));
    await browser.click("form button.main");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("a[href*='/booked/'],a[href*='/b/'],a[target=_blank]"));
    const booking = (await server.bookings()).find((one) => one.attendee.email == address);
    expect(booking, "no booking");
    expect(booking.attendee.family_name == "山口" && booking.attendee.company == "継手商会", JSON.stringify(booking.attendee));
    await browser.click(".row button.main");
    expect(!await browser.evaluate(() => document.querySelector("tsugite-dialog")), "it stays");
    await browser.goto(site.origin + "/other");
    await browser.waitFor(() => window.tsugite && !window.tsugite.q);
    expect(!await browser.evaluate(() => sessionStorage.getItem("tsugite.offer")), "offered again");
  }),
  "the dialog is read, used with the keyboard, and seen on a small and a dark screen": inChromium(story(async ({ browser, site }) => {
    await convert(browser, site);
    const { page: tab } = browser;
    expect(await inDialog(browser, (root) => root.activeElement?.matches("h3,h2")), "the heading has no focus");
    await tab.setViewportSize({ width: 320, height: 560 });
    await look(tab, "tag-dialog-times");
    await tab.keyboard.press("Tab");
    for (let at = 0; at < 12 && !await inDialog(browser, (root) => root.activeElement.matches(".times button")); at++) await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("form"));
    await look(tab, "tag-dialog-details");
    await tab.keyboard.press("Escape");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("[role=alertdialog]"));
    await look(tab, "tag-dialog-leave");
    await tab.keyboard.press("Shift+Tab");
    await tab.keyboard.press("Enter");
    await browser.waitFor(() => !document.querySelector("tsugite-dialog"));
    expect(await browser.evaluate(() => document.documentElement.style.overflow == ""), "the page stays locked");
  })),
  "a time that somebody else took is told, and the nearest one shown": story(async ({ browser, site, server }) => {
    const address = await convert(browser, site);
    const start = await inDialog(browser, (root) => root.querySelector(".times button").dataset.start);
    for (let at = 0; at < 20 && await server.book(start, `other${at}@example.jp`); at++);
    await browser.click(".times button");
    await browser.click("form button.main");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector(".times .near"));
    const near = await inDialog(browser, (root) => root.querySelector(".near").dataset.start);
    expect(near != start, "the same time again");
    await browser.click(".times .near");
    await browser.click("form button.main");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("a[target=_blank]"));
    expect((await server.bookings()).some((one) => one.attendee.email == address && Date.parse(one.start) == Date.parse(near)), "no booking");
  }),
  "what is wrong is told beside the input, and kept": {
    engines: ["chromium"],
    ...story(async ({ browser, site }) => {
      await browser.goto(site.origin + "/");
      await browser.waitFor(() => window.tsugite && !window.tsugite.q);
      await browser.fill("[name=name]", "x");
      await browser.evaluate(() => window.tsugite("submit", { company: "継手商会" }, "api"));
      await browser.waitFor(() => document.querySelector("tsugite-dialog"));
      await browser.click(".times button");
      await browser.fill("[name='attendee.email']", "nobody@nowhere");
      await browser.fill("[name='attendee.family_name']", "山口");
      await browser.fill("[name='attendee.given_name']", "詩");
      await browser.click("form button.main");
      await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("[role=alert]"));
      expect(await inDialog(browser, (root) => root.querySelector("[name='attendee.email']").getAttribute("aria-invalid")) == "true", "not marked");
      expect(await inDialog(browser, (root) => root.querySelector("[name='attendee.family_name']").value) == "山口", "not kept");
      await look(browser.page, "tag-dialog-faults");
    }),
  },
  "without a connection nothing is booked and nothing is lost": story(async ({ browser, site, relay, server }) => {
    const address = await convert(browser, site);
    await browser.click(".times button");
    relay.fault = ({ path }) => path.endsWith("/bookings") ? "lose" : "";
    await browser.click("form button.main");
    await browser.waitFor(() => !document.querySelector("tsugite-dialog").shadowRoot.querySelector("[role=status]").hidden);
    relay.fault = () => "";
    await browser.click("form button.main");
    await browser.waitFor(() => document.querySelector("tsugite-dialog").shadowRoot.querySelector("a[target=_blank]"));
    expect((await server.bookings()).filter((one) => one.attendee.email == address).length == 1, "not one booking");
  }),
  "Escape closes it, and it doesn't come back": inChromium(story(async ({ browser, site, relay }) => {
    await convert(browser, site);
    await browser.page.keyboard.press("Escape");
    await browser.waitFor(() => !document.querySelector("tsugite-dialog"));
    await browser.reload();
    await browser.waitFor(() => window.tsugite && !window.tsugite.q);
    expect(!await browser.evaluate(() => sessionStorage.getItem("tsugite.offer")), "offered again");
    const outcomes = relay.sent.filter((one) => one.path.endsWith("/outcomes")).map((one) => JSON.parse(one.body).outcome);
    expect(outcomes.join() == "offered,closed", outcomes.join());
  })),
};

const visited = {
  "GET /": page("<h1>料金</h1><input>"), "GET /other": page("<h1>導入事例</h1>"),
};
const visit = (does) => ({
  engines: ["chromium"], routes: visited, onlyTagged: true, configDelay: 0,
  config: { mode: "visitor", rules: [{ url: "/*", page: "sales/demo" }] },
  async story(given) {
    const { browser, site } = given;
    await browser.goto(site.origin + "/");
    await browser.waitFor(() => sessionStorage.getItem("tsugite.offer"));
    await does(given);
  },
});
const opened = (browser) => browser.waitFor(() => document.querySelector("tsugite-dialog"));
const quiet = async (browser, site, relay) => {
  const before = relay.sent.length;
  await browser.goto(site.origin + "/other");
  await browser.waitFor(() => window.tsugite && !window.tsugite.q);
  await browser.page.keyboard.press("ArrowDown");
  for (const end = Date.now() + 15000; !relay.sent.slice(before).some((one) => one.path.endsWith("/visits"));) {
    if (Date.now() > end) throw new Error("no visit was told");
    await new Promise((done) => setTimeout(done, 50));
  }
  // What is offered is either opened or dropped at once.
  await browser.waitFor(() => !sessionStorage.getItem("tsugite.offer"));
  expect(!await browser.evaluate(() => document.querySelector("tsugite-dialog")), "opened again");
};

Object.assign(stories, {
  "a visitor's dialog waits until they have typed, opens once a session, and not again": visit(async ({ browser, site, relay }) => {
    await browser.click("input");
    await browser.page.keyboard.type("a");
    expect(!await browser.evaluate(() => document.querySelector("tsugite-dialog")), "opened while typing");
    await browser.click("h1");
    await opened(browser);
    await browser.page.keyboard.press("Escape");
    await quiet(browser, site, relay);
  }),
  "a visitor who never wants it again doesn't get it in another session": visit(async ({ browser, site, relay }) => {
    await browser.page.keyboard.press("ArrowDown");
    await opened(browser);
    await inDialog(browser, (root) => root.querySelectorAll("footer button")[1].click());
    await browser.evaluate(() => sessionStorage.clear());
    await quiet(browser, site, relay);
  }),
  "whoever is not the person gets another id": visit(async ({ browser }) => {
    await browser.page.keyboard.press("ArrowDown");
    await opened(browser);
    const before = await browser.evaluate(() => document.cookie);
    await inDialog(browser, (root) => root.querySelectorAll("footer button")[0].click());
    expect(await browser.evaluate(() => document.cookie) != before, "the same id");
  }),
});

export default stories;
