// What the tag costs the page it stands on, and how soon times are offered, in Chromium against a running demo. Each figure
// is printed beside its bar. TAG_ROUNDS says how often a form is submitted.

import { gzipSync } from "node:zlib";
import { engines } from "./engines.js";
import { startRelay } from "./relay.js";
import { server, withDialog } from "./server.js";
import { page, redirect, startSite } from "./site.js";

const ROUNDS = Number(process.env.TAG_ROUNDS ?? 40);
/** How many times slower than this machine the visitor's is. */
const THROTTLE = 4;

const inputs = Array.from({ length: 57 }, (_, at) => `<p>質問${at} <input name="q${at}" value="答え${at}"></p>`).join("");
const form = (action) => `<h1>資料請求</h1><form method="post" action="${action}"><p>会社名 <input name="company"></p><p>お名前 <input name="name"></p><p>メールアドレス <input name="email"></p>${inputs}<button id="send">送信</button></form><p id="end">下の文章</p>`;
const routes = { "GET /": page(form("/send")), "POST /send": redirect("/done"), "GET /done": page("<h1>ありがとうございました</h1><p>担当者よりご連絡いたします。</p>") };

const relay = await startRelay(server.url);
relay.configDelay = 0;
const line = (more = "") => `<script async src="${relay.origin}/tag.js" data-key="${server.key}"${more}></script>`;
const site = await startSite(routes, { tag: { origin: relay.origin, line: line() } });
const plain = await startSite(routes, { tag: { origin: relay.origin, line: "" } });
const asking = await startSite(routes, { tag: { origin: relay.origin, line: line(` data-consent="required"`) } });
await server.configure([site.origin, asking.origin], withDialog);
const browsers = await engines.chromium();

/** Notes layout shifts and long tasks from the page's first moment on. */
const watchPage = () => {
  globalThis.seen = { shift: 0, task: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { globalThis.seen.shift += one.value; })).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { globalThis.seen.task = Math.max(globalThis.seen.task, one.duration); })).observe({ type: "longtask", buffered: true });
};
const slow = async (browser) => (await browser.context.newCDPSession(browser.page)).send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
const fill = async (browser, address) => {
  await browser.fill("[name=company]", "継手商会");
  await browser.fill("[name=name]", "山口 詩");
  await browser.fill("[name=email]", address);
};
const at = (values, part) => [...values].sort((one, next) => one - next)[Math.min(values.length - 1, Math.floor(values.length * part))];
const tell = (name, figure, bar) => console.log(`${name.padEnd(58)} ${String(figure).padStart(9)}   ${bar}`);

/** One visit to a site with a slow machine: to the page of thanks. */
async function visit(where) {
  const browser = await browsers.fresh();
  await browser.page.addInitScript(watchPage);
  await slow(browser);
  await browser.goto(where.origin + "/");
  await browser.page.waitForLoadState("networkidle");
  await fill(browser, `cost${Math.random()}@example.jp`);
  const before = await browser.evaluate(() => globalThis.seen);
  await browser.click("#send");
  await browser.page.waitForURL("**/done");
  if (where != plain) await browser.waitFor(() => document.querySelector("tsugite-dialog")?.shadowRoot.querySelector(".times button"));
  const after = await browser.evaluate(() => globalThis.seen);
  await browser.end();
  return { shift: before.shift + after.shift, task: Math.max(before.task, after.task) };
}

/** Milliseconds that the listeners of a submission take, with 60 inputs; the page's own listener keeps it there. */
async function submitCost(where) {
  const browser = await browsers.fresh();
  await browser.goto(where.origin + "/");
  await browser.page.waitForLoadState("networkidle");
  await fill(browser, "cost@example.jp");
  await browser.page.waitForLoadState("networkidle");
  const costs = await browser.evaluate(() => {
    const form = document.querySelector("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    return Array.from({ length: 30 }, () => {
      const began = performance.now();
      form.requestSubmit();
      return performance.now() - began;
    });
  });
  await browser.end();
  return costs;
}

/** Requests to the server before anything is touched. */
async function requests(where) {
  const browser = await browsers.fresh();
  const first = relay.sent.length;
  await browser.goto(where.origin + "/");
  await browser.page.waitForLoadState("networkidle");
  await browser.end();
  return relay.sent.length - first;
}

for (const [name, path, bar] of [["tag.js", "/tag.js", 4608], ["dialog", (await (await fetch(`${server.url}/site/${server.key}/config?path=/`, { headers: { origin: site.origin } })).json()).dialog, 12288]]) {
  const body = Buffer.from(await (await fetch(server.url + path)).arrayBuffer());
  tell(`${name}, bytes gzipped`, gzipSync(body, { level: 9 }).length, `<= ${bar}`);
}
tell("requests before any interaction", await requests(site), "1");
tell("the same where the visitor has to consent first", await requests(asking), "0");
const [tagged, bare] = [await visit(site), await visit(plain)];
tell("layout shift of the page (without the tag)", `${tagged.shift} (${bare.shift})`, "0");
tell(`longest task over 50 ms at ${THROTTLE}x throttle (without the tag)`, `${Math.round(tagged.task)} (${Math.round(bare.task)})`, "0: none over 50 ms");
const [with60, without60] = [await submitCost(site), await submitCost(plain)];
tell("submit listeners with 60 inputs, p95 ms (without the tag)", `${at(with60, 0.95).toFixed(1)} (${at(without60, 0.95).toFixed(1)})`, "<= 8");

const waits = [];
const served = [];
for (let round = 0; round < ROUNDS; round++) {
  const browser = await browsers.fresh();
  relay.address = `203.0.113.${round}`;
  browser.page.on("requestfinished", (request) => {
    if (!request.url().endsWith("/entries")) return;
    const { responseEnd, requestStart } = request.timing();
    served.push(responseEnd - requestStart);
  });
  await browser.goto(site.origin + "/");
  await fill(browser, `slots${round}@example.jp`);
  await browser.page.waitForLoadState("networkidle");
  const began = Date.now();
  await browser.click("#send");
  await browser.waitFor(() => document.querySelector("tsugite-dialog")?.shadowRoot.querySelector(".times button"));
  waits.push(Date.now() - began);
  await browser.end();
}
tell(`submit to first times, p50 / p95 ms of ${ROUNDS}`, `${at(waits, 0.5)} / ${at(waits, 0.95)}`, "p95 <= 600");
tell(`the server's answer to a report, p95 ms of ${served.length}`, at(served, 0.95).toFixed(0), "<= 150");
await browsers.close();
for (const one of [site, plain, asking]) one.close();
relay.close();
