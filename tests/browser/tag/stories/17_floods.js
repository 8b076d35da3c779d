// Many submissions while answers get lost, the server is killed and pages redirect: none is lost, none counts twice. And
// many that fail: none counts. TAG_SUBMITS, TAG_KILLS and TAG_FAILURES say how many.

import { page, redirect } from "../site.js";

const form = page(`<form method="post" action="/send"><p>お名前 <input name="name"></p><p>メール <input name="email"></p><button>送信</button></form>`);
const SUBMITS = Number(process.env.TAG_SUBMITS ?? 60);
const KILLS = Number(process.env.TAG_KILLS ?? 2);
const TABS = 4;
const FAILURES = Number(process.env.TAG_FAILURES ?? 30);
/** The same faults each time. */
const chance = (seed) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;

const send = async (browser, site, email) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=name]", "連打 太郎");
  await browser.fill("[name=email]", email);
  await browser.click("button");
  await browser.waitFor(() => document.querySelector("h1"));
};

const refusals = [
  () => page("<h1>エラー</h1><p>しばらくしてからお試しください</p>", { status: 500, title: "エラー" }),
  () => ({ ...form, page: { ...form.page, body: `<h1>入力内容をご確認ください</h1>${form.page.body}` } }),
  () => page(`<h1>入力内容をご確認ください</h1>${form.page.body}`, { status: 422 }),
  () => page("<h1>Service unavailable</h1>", { status: 503, title: "503" }),
];

export default {
  "submissions while the server is killed and answers are lost: none lost, none twice": {
    engines: ["chromium"], onlyTagged: true, configDelay: 0, ownServer: true,
    routes: { "GET /": form, "POST /send": redirect("/hop"), "GET /hop": redirect("/done", 302), "GET /done": page("<h1>完了</h1>"), "GET /end": page("<h1>終わり</h1>") },
    async story({ browser, site, relay, server, until }) {
      const random = chance(7);
      let away = 0;
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
      await Promise.all(tabs.map(async (tab) => {
        while (waiting.length) {
          const sent = SUBMITS - waiting.length;
          if (kills < KILLS && sent >= (kills + 1) * SUBMITS / (KILLS + 1)) {
            kills++;
            restart = restart.then(server.kill).then(server.start);
          }
          relay.address = `198.51.${sent >> 8 & 255}.${sent & 255}`;
          await send(tab, site, waiting.pop());
        }
      }));
      await restart;
      relay.fault = () => "";
      for (const tab of tabs) await tab.goto(site.origin + "/end");
      const counted = async () => (await server.conversions(site.origin)).filter((one) => one.grade == "confirmed").map((one) => one.values.email);
      await until(async () => new Set(await counted()).size == SUBMITS, async () => `lost: ${SUBMITS - new Set(await counted()).size}`);
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
