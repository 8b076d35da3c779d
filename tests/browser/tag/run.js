// The pages that the tag has to pass, in one engine: run.js ENGINE [PART OF A STORY'S NAME]

import { deepStrictEqual } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { readdirSync } from "node:fs";
import { engines } from "./engines.js";
import { startRecorder } from "./recorder.js";
import { startRelay } from "./relay.js";
import { startSite } from "./site.js";

const [engine = "chromium", wanted = ""] = process.argv.slice(2);
const folder = new URL("./stories/", import.meta.url);

const until = async (holds, what) => {
  for (const end = Date.now() + 20000; ;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(typeof what == "function" ? what() : what);
    await new Promise((done) => setTimeout(done, 50));
  }
};

/** The parts of what there is that are asked for. */
const part = (is, asked) =>
  Array.isArray(asked) ? asked.map((one, place) => part(is?.[place], one))
    : asked && typeof asked == "object" ? Object.fromEntries(Object.keys(asked).map((key) => [key, part(is?.[key], asked[key])]))
      : is;

/** Plays a story; without the tag only what the visitor does, for the requests of the page. */
async function play(story, browsers, server, tagged) {
  const relay = await startRelay(server.url);
  const tag = {
    origin: relay.origin,
    line: tagged ? `<script async src="${relay.origin}/tag.js" data-key="${server.key}"${story.attributes ?? ""}></script>` : "",
  };
  relay.configDelay = story.configDelay ?? 2000;
  const site = await startSite(story.routes, { tag });
  const other = story.others && await startSite(story.others, { tag, host: "localhost" });
  site.other = other;
  if (tagged) await server.configure({ origins: [site.origin, other?.origin].filter(Boolean), ...story.config });
  const browser = await browsers.fresh();
  const faults = [];
  browser.page?.on("pageerror", (error) => faults.push(error.message));
  browser.page?.on("console", (said) => /Content Security Policy|TrustedScript/.test(said.text()) && faults.push(said.text()));
  const begun = Date.now();
  const mine = async () => (await server.conversions()).filter((one) => !/^barrier/.test(one.values.email) && /confirmed|likely|attempt/.test(one.grade)).sort((one, next) => (one.at > next.at) - (one.at < next.at));
  let barriers = 0;
  /** Nothing else has come up to now: what is reported next comes later than what would have been reported before. */
  const barrier = async () => {
    const address = `barrier${++barriers}@example.test`;
    await browser.waitFor(() => window.tsugite && !window.tsugite.q);
    await browser.evaluate((email) => window.tsugite("submit", { email }), address);
    await until(async () => (await server.conversions()).some((one) => one.values.email == address), "the tag reports nothing");
  };
  /** Waits for these conversions, and that no others come. */
  const conversions = async (expected) => {
    if (!tagged) return;
    const enough = async () => isDeepStrictEqual(part(await mine(), expected), expected);
    await until(enough, "").catch(() => {});
    await barrier();
    const is = await mine();
    deepStrictEqual(is.length > expected.length ? is : part(is, expected), expected);
  };
  try {
    await story.story({
      browser, site, relay, server, tagged, conversions,
      reported: (grade, count = 1) => tagged && until(() => relay.sent.filter((one) => one.body.includes(`"grade":"${grade}"`)).length >= count, `no ${grade} was reported: ${relay.sent.map((one) => one.path + one.body.slice(0, 200)).join("\n")}`),
      offered: () => tagged && browser.waitFor(() => sessionStorage.getItem("tsugite.offer")),
    });
    deepStrictEqual(faults, []);
  } finally {
    await browser.end();
    site.close();
    other?.close();
    relay.close();
  }
  return { requests: site.requests.concat(other?.requests ?? []), seconds: (Date.now() - begun) / 1000 };
}

const server = await startRecorder();
const browsers = await engines[engine]();
let passed = 0;
const failed = [];
for (const file of readdirSync(folder).sort()) {
  const stories = (await import(new URL(file, folder))).default;
  for (const [name, story] of Object.entries(stories)) {
    if (!`${file} ${name}`.includes(wanted)) continue;
    if (story.engines && !story.engines.includes(engine)) continue;
    try {
      server.reset();
      const { requests, seconds } = await play(story, browsers, server, true);
      const plain = await play(story, browsers, server, false);
      if (!story.unordered) deepStrictEqual(requests, plain.requests, "the page's own requests");
      passed++;
      console.log(`ok ${file}: ${name} (${seconds.toFixed(1)} s)`);
    } catch (error) {
      failed.push(name);
      console.log(`FAILED ${file}: ${name}\n  ${error.stack.split("\n").slice(0, 40).join("\n  ")}`);
    }
  }
}
await browsers.close();
server.close();
console.log(`${engine}: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
