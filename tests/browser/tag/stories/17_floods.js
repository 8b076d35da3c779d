// Many submissions while answers get lost, the server is killed and pages redirect: none is lost, none counts twice. And
// many that fail: none counts. TAG_SUBMITS, TAG_KILLS and TAG_FAILURES say how many.

import { json, page, redirect } from "../site.js";

const form = page(`<form method="post" action="/send"><p>お名前 <input name="name"></p><p>メール <input name="email"></p><button>送信</button></form>`);
const SUBMITS = Number(process.env.TAG_SUBMITS ?? 60);
const KILLS = Number(process.env.TAG_KILLS ?? 2);
const TABS = 4;
/** Those that leave the page and come back over redirects; the others are sent by scripts, many on one page. */
const NATIVE = Math.min(SUBMITS, 30 + Math.floor(SUBMITS / 20));
/** Forms that a page's script sends at once, and one after the other before the page is loaded anew. */
const AT_ONCE = 6;
const OF_A_PAGE = 120;
const FAILURES = Number(process.env.TAG_FAILURES ?? 30);
/** The same faults each time. */
const chance = (seed) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;

/** The tag has come before a visitor finds the first field. */
const arrived = (browser) => browser.waitFor(() => window.tsugite && !window.tsugite.q);

const send = async (browser, site, email) => {
  await browser.goto(site.origin + "/");
  await arrived(browser);
  await browser.fill("[name=name]", "連打 太郎");
  await browser.fill("[name=email]", email);
  await browser.click("button");
  await browser.waitFor(() => document.querySelector("h1"));
  await arrived(browser);
};

/** Forms come, are filled in and sent by the page's own script, and make way for a text. */
const many = page(`<button id="go">始める</button><div id="place"></div>`, {
  script: `
    let number = 0;
    const input = (form, label, name, value) => {
      const one = Object.assign(document.createElement("input"), { name, value });
      const text = document.createElement("label");
      text.append(label, one);
      form.append(text);
      one.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const send = async (email) => {
      const mark = ++number;
      const form = document.createElement("form");
      document.querySelector("#place").append(form);
      input(form, "お名前", "name" + mark, "連打 太郎");
      input(form, "メールアドレス", "email" + mark, email);
      form.append(Object.assign(document.createElement("button"), { textContent: "送信" }));
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        await fetch("/ajax", { method: "POST", body: "x" });
        form.replaceChildren("受け付けました");
      });
      form.querySelector("button").click();
      // A visitor stays until the text is read; nobody sends several forms of a page and leaves in the same second.
      await new Promise((done) => setTimeout(done, 3000));
      form.remove();
    };
    window.sendAll = (addresses, atOnce) => Promise.all(Array.from({ length: atOnce }, async () => { while (addresses.length) await send(addresses.pop()); }));`,
});

const refusals = [
  () => page("<h1>エラー</h1><p>しばらくしてからお試しください</p>", { status: 500, title: "エラー" }),
  () => ({ ...form, page: { ...form.page, body: `<h1>入力内容をご確認ください</h1>${form.page.body}` } }),
  () => page(`<h1>入力内容をご確認ください</h1>${form.page.body}`, { status: 422 }),
  () => page("<h1>Service unavailable</h1>", { status: 503, title: "503" }),
];

export default {
  "submissions while the server is killed and answers are lost: none lost, none twice": {
    engines: ["chromium"], onlyTagged: true, configDelay: 0, ownServer: true,
    routes: { "GET /": form, "POST /send": redirect("/hop"), "GET /hop": redirect("/done", 302), "GET /done": page("<h1>完了</h1>"), "GET /many": many, "POST /ajax": json({}), "GET /end": page("<h1>終わり</h1>") },
    async story({ browser, site, relay, server, until }) {
      const random = chance(7);
      let away = 0;
      relay.isCrowd = true;
      relay.fault = ({ path }) => {
        if (!path.includes("/site/")) return "";
        if (away-- > 0) return "refuse";
        if (random() < 0.05) away = 4;
        return random() < 0.25 ? "lose" : "";
      };
      const waiting = Array.from({ length: SUBMITS }, (_, at) => `flood${at}@example.jp`);
      let kills = 0;
      let restart = Promise.resolve();
      const tabs = [browser];
      while (tabs.length < TABS) tabs.push(await browser.another());
      /** Takes some of the addresses; from time to time the server is killed meanwhile. */
      const take = (count) => {
        const sent = SUBMITS - waiting.length;
        // Not before the browser keeps the tag: a page that was never given it can report nothing.
        if (kills < KILLS && sent >= (kills + 0.5) * SUBMITS / KILLS) {
          kills++;
          restart = restart.then(() => new Promise((later) => setTimeout(later, random() * 3000))).then(server.kill).then(server.start);
        }
        return waiting.splice(0, count);
      };
      await Promise.all(tabs.map(async (tab) => {
        while (waiting.length > SUBMITS - NATIVE) await send(tab, site, take(1)[0]);
        while (waiting.length) {
          const addresses = take(Math.min(OF_A_PAGE, Math.ceil(waiting.length / TABS)));
          await tab.goto(site.origin + "/many");
          await arrived(tab);
          await tab.click("#go");
          await tab.evaluate(([addresses, atOnce]) => window.sendAll(addresses, atOnce), [addresses, AT_ONCE]);
        }
      }));
      await restart;
      relay.fault = () => "";
      for (const tab of tabs) await tab.goto(site.origin + "/end");
      const counted = async () => (await server.conversions(site.origin)).filter((one) => one.grade == "confirmed").map((one) => one.values.email);
      await until(async () => new Set(await counted()).size == SUBMITS, async () => {
        const grades = {};
        for (const one of await server.conversions(site.origin)) grades[one.grade] = (grades[one.grade] || 0) + 1;
        return `lost: ${SUBMITS - new Set(await counted()).size}, ${JSON.stringify(grades)}`;
      }, 120);
      const all = await counted();
      console.log(`  ${all.length} conversions of ${SUBMITS} submissions with ${kills} kills, ${relay.sent.filter((one) => one.path.endsWith("/entries")).length} reports`);
      if (all.length != SUBMITS) throw new Error(`${all.length - SUBMITS} counted twice`);
    },
  },
  "submissions that the site refuses: none counts": {
    engines: ["chromium"], onlyTagged: true, configDelay: 0,
    routes: { "GET /": form, "POST /send": (() => { let at = 0; return () => refusals[at++ % refusals.length](); })(), "GET /end": page("<h1>終わり</h1>") },
    async story({ browser, site, conversions }) {
      for (let at = 0; at < FAILURES; at++) await send(browser, site, `fail${at}@example.jp`);
      await browser.goto(site.origin + "/end");
      await conversions([]);
    },
  },
};
