// Twice, at once, without a connection, without consent, and another person.

import { json, page, redirect } from "../site.js";

const form = (id = "f", action = "/send") => `<form id="${id}" method="post" action="${action}"><label>お名前<input name="name"></label><label>メールアドレス<input name="email"></label><button>送信</button></form>`;
const routes = { "GET /": page(form()), "POST /send": redirect("/done"), "GET /done": page("<h1>完了</h1>"), "GET /next": page("<h1>次</h1>") };
const send = async (browser, site, name, email, id = "f") => {
  await browser.goto(site.origin + "/");
  await browser.fill(`#${id} [name=name]`, name);
  await browser.fill(`#${id} [name=email]`, email);
  await browser.click(`#${id} button`);
  await browser.waitFor(() => document.querySelector("h1"));
};
const ajax = page(form(), {
  script: `document.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/api", { method: "POST", body: new FormData(event.target) });
    if (answer.ok) { const done = document.createElement("h1"); done.textContent = "完了"; document.body.replaceChildren(done); }
  });`,
});
const visitorOf = (browser) => browser.evaluate(() => [document.cookie, ...Object.keys(localStorage).map((key) => `${key}=${localStorage[key]}`)].filter((one) => /visitor/.test(one)));

export default {
  "a double click is one": {
    routes: { "GET /": ajax, "POST /api": async () => { await new Promise((done) => setTimeout(done, 300)); return json({}); } },
    async story({ browser, site, conversions, accepted }) {
      await browser.goto(site.origin + "/");
      await browser.fill("[name=name]", "橋本 光");
      await browser.fill("[name=email]", "hikaru@example.jp");
      await browser.doubleClick("button");
      await browser.waitFor(() => document.querySelector("h1"));
      await conversions([{ grade: accepted, values: { email: "hikaru@example.jp" } }]);
    },
  },
  "two tabs are two": {
    routes,
    unordered: true,
    async story({ browser, site, conversions }) {
      const second = await browser.another();
      await Promise.all([send(browser, site, "橋本 光", "hikaru@example.jp"), send(second, site, "石川 光", "ishikawa@example.jp")]);
      await conversions.unordered([{ values: { email: "hikaru@example.jp" } }, { values: { email: "ishikawa@example.jp" } }]);
    },
  },
  "two forms of one page with one address are two": {
    routes: { ...routes, "GET /": page(form("f") + form("g")) },
    async story({ browser, site, conversions }) {
      await send(browser, site, "橋本 光", "hikaru@example.jp", "f");
      await conversions([{ form: { name: "f" } }]);
      await send(browser, site, "橋本 光", "hikaru@example.jp", "g");
      await conversions([{ form: { name: "f" } }, { form: { name: "g" } }]);
    },
  },
  "without a connection to us at the submission it is reported from the next page, once": {
    routes,
    async story({ browser, site, relay, conversions }) {
      relay.fault = ({ path }) => path.includes("/site/") ? "refuse" : "";
      await send(browser, site, "前田 陸", "riku@example.jp");
      await browser.waitFor(() => !window.tsugite || sessionStorage.getItem("tsugite.outbox"));
      relay.fault = () => "";
      await browser.goto(site.origin + "/next");
      await conversions([{ grade: "confirmed", values: { email: "riku@example.jp" } }]);
    },
  },
  "a lost answer is asked for again, and still one": {
    routes,
    async story({ browser, site, relay, conversions }) {
      let lost = 0;
      relay.fault = ({ path }) => path.endsWith("/entries") && lost++ < 1 ? "lose" : "";
      await send(browser, site, "前田 陸", "riku@example.jp");
      await conversions([{ grade: "confirmed", values: { email: "riku@example.jp" } }]);
    },
  },
  "beacons that never arrive change nothing": {
    routes: Object.fromEntries(Object.entries(routes).map(([path, answer]) => [path, answer.page ? { page: { ...answer.page, script: "navigator.sendBeacon = () => true;" } } : answer])),
    async story({ browser, site, conversions }) {
      await send(browser, site, "前田 陸", "riku@example.jp");
      await conversions([{ grade: "confirmed", values: { email: "riku@example.jp" } }]);
    },
  },
  "no id before consent, one after it, none after it is withdrawn; the conversion counts all along": {
    routes,
    config: { consent: "required" },
    async story({ browser, site, tagged, relay, conversions }) {
      await send(browser, site, "岡田 樹", "itsuki@example.jp");
      await conversions([{ grade: "confirmed" }]);
      if (!tagged) return;
      if ((await visitorOf(browser)).length) throw new Error("an id without consent");
      await browser.evaluate(() => window.tsugite("consent", "grant"));
      await send(browser, site, "岡田 樹", "itsuki@example.jp");
      await conversions([{ grade: "confirmed" }, { grade: "confirmed" }]);
      if ((await visitorOf(browser)).length != 2) throw new Error("no id after consent: " + await visitorOf(browser));
      await browser.evaluate(() => window.tsugite("consent", "deny"));
      if ((await visitorOf(browser)).length) throw new Error("an id after consent was withdrawn");
      await send(browser, site, "岡田 樹", "itsuki@example.jp");
      await conversions([{ grade: "confirmed" }, { grade: "confirmed" }, { grade: "confirmed" }]);
      // An attempt may be reported more than once; all its reports have to agree.
      const visitors = new Map();
      for (const { path, body } of relay.sent.filter((one) => one.path.endsWith("/entries") && !one.body.includes("barrier"))) {
        const entry = JSON.parse(body);
        visitors.set(entry.id, (visitors.get(entry.id) ?? new Set()).add("visitor" in entry));
      }
      const sent = [...visitors.values()].map((told) => [...told].join("+"));
      if (sent.join() != "false,true,false") throw new Error("ids sent: " + sent);
      if (!relay.sent.some((one) => one.path.endsWith("/forget"))) throw new Error("the server was not told to forget");
    },
    unordered: true,
  },
  "with data-consent nothing is requested before somebody is in a form": {
    routes,
    attributes: ` data-consent="required"`,
    async story({ browser, site, tagged, relay, conversions }) {
      await browser.goto(site.origin + "/");
      if (tagged) await browser.waitFor(() => window.tsugite && !window.tsugite.q);
      if (relay.sent.length) throw new Error("requested: " + relay.sent[0].path);
      await send(browser, site, "岡田 樹", "itsuki@example.jp");
      await conversions([{ grade: "confirmed", values: { email: "itsuki@example.jp" } }]);
    },
  },
  "a second person on the same browser gets an id of their own": {
    routes,
    unordered: true,
    async story({ browser, site, tagged, relay, conversions }) {
      await send(browser, site, "藤田 葵", "aoi@example.jp");
      await conversions([{ grade: "confirmed" }]);
      const first = await visitorOf(browser);
      await send(browser, site, "後藤 奏", "kanade@example.jp");
      await conversions([{ grade: "confirmed", values: { email: "aoi@example.jp" } }, { grade: "confirmed", values: { email: "kanade@example.jp" } }]);
      if (tagged && first.join() == (await visitorOf(browser)).join()) throw new Error("both have " + first);
    },
  },
};
