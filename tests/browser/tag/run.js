// The pages that the tag has to pass, in one engine: run.js ENGINE [PART OF A STORY'S NAME]

import { deepStrictEqual } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { readdirSync } from "node:fs";
import { engines } from "./engines.js";
import { startRelay } from "./relay.js";
import { startServer } from "./own_server.js";
import { server as shared } from "./server.js";
import { startSite } from "./site.js";

const [engine = "chromium", wanted = ""] = process.argv.slice(2);
const folder = new URL("./stories/", import.meta.url);

const until = async (holds, what, seconds = 20) => {
  for (const end = Date.now() + seconds * 1000; ;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(typeof what == "function" ? await what() : what);
    await new Promise((done) => setTimeout(done, 50));
  }
};

/** The parts of what there is that are asked for. */
const part = (is, asked) =>
  Array.isArray(asked) ? asked.map((one, place) => part(is?.[place], one))
    : asked && typeof asked == "object" ? Object.fromEntries(Object.keys(asked).map((key) => [key, part(is?.[key], asked[key])]))
      : is;

/** Plays a story; without the tag only what the visitor does, for the requests of the page. */
async function play(story, browsers, tagged) {
  const server = story.ownServer ? await startServer() : shared;
  const relay = await startRelay(server.url);
  const tag = {
    origin: relay.origin,
    line: tagged ? `<script async src="${relay.origin}/tag.js" data-key="${server.key}"${story.attributes ?? ""}></script>` : "",
  };
  relay.configDelay = story.configDelay ?? 2000;
  const site = await startSite(story.routes, { tag });
  const other = story.others && await startSite(story.others, { tag, host: "localhost" });
  site.other = other;
  if (tagged) await server.configure([site.origin, other?.origin].filter(Boolean), story.config);
  const browser = await browsers.fresh();
  const faults = [];
  browser.page?.on("pageerror", (error) => faults.push(error.message));
  browser.page?.on("console", (said) => /Content Security Policy|TrustedScript/.test(said.text()) && faults.push(said.text()));
  const begun = Date.now();
  const all = async () => (await Promise.all([site, other].filter(Boolean).map((one) => server.conversions(one.origin)))).flat();
  /** Evidence comes as a set. */
  const sorted = (expected) => expected.map((one) => one.evidence ? { ...one, evidence: [...one.evidence].sort() } : one);
  const mine = async () => (await all()).filter((one) => !/^barrier/.test(one.values.name) && /confirmed|likely|attempt/.test(one.grade));
  let barriers = 0;
  /** Nothing else has come up to now: what is reported next comes later than what would have been reported before. */
  const barrier = async () => {
    const name = `barrier ${++barriers}`;
    await browser.waitFor(() => window.tsugite && !window.tsugite.q);
    await browser.evaluate((name) => window.tsugite("submit", { name }), name);
    await until(async () => (await all()).some((one) => one.values.name == name), "the tag reports nothing");
  };
  /** Waits for these conversions, and that no others come. */
  const conversions = async (wanted) => {
    if (!tagged) return;
    const expected = sorted(wanted);
    const enough = async () => isDeepStrictEqual(part(await mine(), expected), expected);
    await until(enough, "").catch(() => {});
    await barrier();
    const is = await mine();
    if (process.env.SENT) console.log(relay.sent.map((one) => one.path + " " + one.body).join("\n"));
    deepStrictEqual(is.length > expected.length ? is : part(is, expected), expected);
  };
  /** The same in any order of their addresses. */
  conversions.unordered = async (expected) => {
    const address = (one) => one.values.email;
    const enough = async () => (await mine()).length >= expected.length;
    if (tagged) await until(enough, "too few conversions");
    if (tagged) deepStrictEqual((await mine()).map(address).sort(), expected.map(address).sort());
  };
  try {
    await story.story({
      browser, site, relay, server, tagged, conversions, engine, until,
      // WebKitGTK doesn't tell a page the status of its requests.
      accepted: engine == "webkit" ? "likely" : "confirmed",
      reported: (grade, count = 1) => tagged && until(() => relay.sent.filter((one) => one.body.includes(`"grade":"${grade}"`)).length >= count, `no ${grade} was reported: ${relay.sent.map((one) => one.path + one.body.slice(0, 200)).join("\n")}`),
      /** The tag has come, as it has before a visitor finds the first field. */
      arrived: () => tagged && browser.waitFor(() => window.tsugite && !window.tsugite.q),
      /** The module with the plugins has come; a visitor takes longer to fill in a form, and is in its next field by then. */
      ready: async () => {
        if (!tagged) return;
        await browser.waitFor(() => window.tsugite && !window.tsugite.q);
        await browser.evaluate(() => {
          const one = document.activeElement;
          one.blur();
          one.focus();
          // A visitor's window is in front; one that a program drives may not be, and Firefox tells its page of no focus.
          if (!document.hasFocus()) one.dispatchEvent(new FocusEvent("focusin", { bubbles: true, composed: true }));
        });
        await browser.waitFor(() => performance.getEntriesByType("resource").some((one) => one.name.includes("/tag/fields")));
      },
      offered: () => tagged && browser.waitFor(() => sessionStorage.getItem("tsugite.offer")),
    });
    deepStrictEqual(faults, []);
  } finally {
    await browser.end();
    site.close();
    other?.close();
    relay.close();
    if (server.end) await server.end();
  }
  return { requests: site.requests.concat(other?.requests ?? []), seconds: (Date.now() - begun) / 1000 };
}

const browsers = await engines[engine]();
let passed = 0;
const failed = [];
const one = async ([file, name, story]) => {
  try {
    const { requests, seconds } = await play(story, browsers, true);
    if (!story.onlyTagged) {
      const plain = await play(story, browsers, false);
      const own = (all) => story.browserRepeats ? all.filter((one, place) => !isDeepStrictEqual(one, all[place - 1])) : all;
      if (!story.unordered) deepStrictEqual(own(requests), own(plain.requests), "the page's own requests");
    }
    passed++;
    console.log(`ok ${file}: ${name} (${seconds.toFixed(1)} s)`);
  } catch (error) {
    failed.push(name);
    console.log(`FAILED ${file}: ${name}\n  ${error.stack.split("\n").slice(0, 40).join("\n  ")}`);
  }
};
const waiting = [];
for (const file of readdirSync(folder).sort()) {
  for (const [name, story] of Object.entries((await import(new URL(file, folder))).default)) {
    if (`${file} ${name}`.includes(wanted) && (story.engines ?? [engine]).includes(engine)) waiting.push([file, name, story]);
  }
}
// Those that change a setting of all sites are played alone.
const alone = waiting.filter(([, , story]) => Object.keys(story.config ?? {}).some((key) => key != "forms"));
const together = waiting.filter((one) => !alone.includes(one));
await Promise.all(Array.from({ length: browsers.atOnce }, async () => {
  while (together.length) await one(together.shift());
}));
for (const story of alone) await one(story);
await browsers.close();
console.log(`${engine}: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
