// The gestures of the stories over WebDriver's commands: by HTTP for WebKitGTK, and by Marionette, which takes the same
// commands on a socket, for Firefox. Distributions have no driver program for the latter.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const KEYS = { Tab: "\uE004", Enter: "\uE007", Escape: "\uE00C" };

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const retry = async (does) => {
  for (const end = Date.now() + 20000; ;) {
    try {
      return await does();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
};

/** Commands by their names in Marionette, as HTTP requests of WebDriver. */
const HTTP = {
  Navigate: ["POST", "url"], Back: ["POST", "back"], Forward: ["POST", "forward"], Refresh: ["POST", "refresh"],
  DeleteAllCookies: ["DELETE", "cookie"],
  ExecuteScript: ["POST", "execute/sync"], NewWindow: ["POST", "window/new"], SwitchToWindow: ["POST", "window"], CloseWindow: ["DELETE", "window"],
  PerformActions: ["POST", "actions"], GetWindowHandle: ["GET", "window"],
  ElementClick: ["POST", "element/ID/click"], ElementClear: ["POST", "element/ID/clear"], ElementSendKeys: ["POST", "element/ID/value"],
};

const startWebKit = async () => {
  const port = await freePort();
  const driver = spawn("xvfb-run", ["-a", "WebKitWebDriver", `--port=${port}`, "--host=127.0.0.1"], { detached: true, stdio: "ignore" });
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message || value.error}`);
    return value;
  };
  const options = { "webkitgtk:browserOptions": { binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", args: ["--automation"] } };
  const { sessionId } = await retry(() => ask("POST", "", { capabilities: { alwaysMatch: options } }));
  return {
    send(name, parameters = {}) {
      const [method, path] = HTTP[name];
      const { id, ...body } = parameters;
      return ask(method, `/${sessionId}/${path.replace("ID", id)}`, method == "POST" ? body : undefined);
    },
    async close() {
      await ask("DELETE", `/${sessionId}`).catch(() => {});
      process.kill(-driver.pid);
    },
  };
};

const startFirefox = async () => {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  writeFileSync(join(profile, "user.js"), [
    `user_pref("marionette.port", ${port});`, `user_pref("remote.prefs.recommended", true);`, `user_pref("browser.shell.checkDefaultBrowser", false);`,
    `user_pref("datareporting.policy.dataSubmissionEnabled", false);`, `user_pref("app.update.disabledForTesting", true);`,
  ].join("\n"));
  const browser = spawn(process.env.FIREFOX ?? "firefox-esr", ["--headless", "--marionette", "--no-remote", "--profile", profile, "about:blank"], { detached: true, stdio: "ignore" });
  const socket = await retry(() => new Promise((done, fail) => {
    const one = connect(port, "127.0.0.1", () => done(one)).on("error", fail);
  }));
  const waiting = new Map();
  let bytes = Buffer.alloc(0);
  socket.on("data", (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      const colon = bytes.indexOf(":");
      const length = Number(bytes.subarray(0, colon));
      if (colon < 0 || bytes.length < colon + 1 + length) return;
      const message = JSON.parse(bytes.subarray(colon + 1, colon + 1 + length));
      bytes = bytes.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      const [done, fail] = waiting.get(id);
      waiting.delete(id);
      if (error) fail(new Error(`${error.error}: ${error.message}`));
      else done(result && "value" in result ? result.value : result);
    }
  });
  let last = 0;
  const send = (name, parameters = {}) => new Promise((done, fail) => {
    const message = JSON.stringify([0, ++last, name.includes(":") ? name : `WebDriver:${name}`, parameters]);
    waiting.set(last, [done, fail]);
    socket.write(`${Buffer.byteLength(message)}:${message}`);
  });
  await send("NewSession", { capabilities: { alwaysMatch: { unhandledPromptBehavior: "accept" } } });
  return {
    send: (name, parameters) => send(name, name == "SwitchToWindow" ? { ...parameters, focus: true } : parameters),
    async close() {
      await send("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
      socket.destroy();
      try { process.kill(-browser.pid); } catch {}
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Finds an element, also within open shadow trees. */
const FIND = `
  const find = (root) => root.querySelector(arguments[0]) || [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
  return find(document) || null;`;

/** Starts an engine; its stories are played one after the other, each on sites of its own. */
export const startDriver = async (engine) => {
  const driver = await (engine == "firefox" ? startFirefox() : startWebKit());
  let current = await driver.send("GetWindowHandle");
  let turn = Promise.resolve();
  const gestures = (handle) => {
    /** Gestures in two windows must not take turns within one. */
    const inWindow = (does) => {
      const result = turn.then(async () => {
        if (current != handle) await driver.send("SwitchToWindow", { handle });
        current = handle;
        return does();
      });
      turn = result.catch(() => {});
      return result;
    };
    const script = (text, ...args) => inWindow(() => driver.send("ExecuteScript", { script: text, args }));
    const found = (selector, does) => retry(async () => {
      const element = await script(FIND, selector);
      if (!element) throw new Error(`nothing is ${selector}`);
      return inWindow(() => does(element[ELEMENT]));
    });
    const asText = (does, argument) => (typeof does == "string" ? `return ${does};` : `return (${does})(${argument === undefined ? "" : "arguments[0]"});`);
    const evaluate = (does, argument) => script(asText(does, argument), argument ?? null);
    const keys = (text) => [{ type: "key", id: "keys", actions: [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]) }];
    return {
      goto: (url) => inWindow(() => driver.send("Navigate", { url })),
      fill: (selector, text) => found(selector, async (id) => {
        await driver.send("ElementClear", { id });
        if (text) await driver.send("ElementSendKeys", { id, text });
        // WebKitGTK's driver takes a full-width ＠ for the beginning of something else and swallows letters.
        await driver.send("ExecuteScript", {
          script: `const [input, text] = arguments;
            if (input.value != text) { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); }`,
          args: [{ [ELEMENT]: id }, text],
        });
      }),
      click: (selector) => found(selector, (id) => driver.send("ElementClick", { id })),
      doubleClick: (selector) => found(selector, (id) => driver.send("PerformActions", {
        actions: [{
          type: "pointer", id: "mouse", parameters: { pointerType: "mouse" },
          actions: [{ type: "pointerMove", x: 0, y: 0, origin: { [ELEMENT]: id } }, ...[1, 2].flatMap(() => [{ type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }])],
        }],
      })),
      press: (selector, key) => found(selector, (id) => driver.send("ElementSendKeys", { id, text: KEYS[key] })),
      keyboard: async (what) => {
        for (const one of what) await inWindow(() => driver.send("PerformActions", { actions: keys(KEYS[one] ?? one) }));
      },
      select: (selector, values) => script(`${FIND.replace("return", "const select =")}
        for (const option of select.options) option.selected = arguments[1].includes(option.text);
        select.dispatchEvent(new Event("input", { bubbles: true })); select.dispatchEvent(new Event("change", { bubbles: true }));`, selector, values),
      evaluate,
      waitFor: (holds, argument) => retry(async () => {
        if (!await evaluate(holds, argument)) throw new Error(`never true: ${holds}`);
      }),
      reload: () => inWindow(() => driver.send("Refresh")),
      back: () => inWindow(() => driver.send("Back")),
      forward: () => inWindow(() => driver.send("Forward")),
      another: async () => {
        const { handle: made } = await inWindow(() => driver.send("NewWindow", { type: "tab" }));
        return gestures(made);
      },
      // Sites on other ports of one host share their cookies.
      end: () => inWindow(async () => {
        await driver.send("DeleteAllCookies");
        await driver.send("Navigate", { url: "about:blank" });
      }),
    };
  };
  const first = current;
  return { atOnce: 1, fresh: async () => gestures(first), close: () => driver.close() };
};
