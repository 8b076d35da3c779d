// The org's own pages: login and consent, as a person goes through them.

/** Logs in if asked to, then allows or denies; false when the org remembers that it was allowed before. */
export async function answerConsent(page, decision) {
  for (let tries = 0; tries < 4; tries += 1) {
    const login = page.locator("input[name=username]");
    const choice = page.locator(`button[value=${decision}]`);
    const back = page.locator("body.console");
    await login.or(choice).or(back).first().waitFor();
    if (await back.count()) return false;
    if (await choice.count()) {
      await choice.click();
      return true;
    }
    await login.fill("admin@emulator.example");
    await page.locator("input[name=password]").fill("emulator");
    await page.locator("button[type=submit]").first().click();
  }
  throw new Error("the org's consent page never came");
}

/** Makes the org refuse every ToDo, or take them again. */
export async function refuseTasks(emulator, refuse) {
  const rule = { object: "Task", when: { field: "Subject", operator: "!=", value: "" }, message: "件名の決まりに合いません" };
  const body = JSON.stringify({ validation_rules: refuse ? [rule] : [] });
  const answer = await fetch(`${emulator}/emulator/schema`, { method: "POST", body });
  if (!answer.ok) throw new Error(`the org's rules could not be changed: ${await answer.text()}`);
}

/** The id of an active campaign of the org. */
export async function campaignId(emulator) {
  const answer = await (await fetch(`${emulator}/emulator/records/Campaign`)).json();
  const rows = Array.isArray(answer) ? answer : answer.records;
  return rows.find((row) => row.IsActive).Id;
}

async function control(emulator, what, body) {
  const answer = await fetch(`${emulator}/emulator/${what}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${what} of the org could not be set: ${await answer.text()}`);
}

/** Takes a field away from the connected user, or gives it back. */
export const hideField = (emulator, object, field, hidden) =>
  control(emulator, "schema", { [hidden ? "hide_fields" : "show_fields"]: [{ object, field }] });

/** Lets the org take its time for the next few answers, so that progress can be seen. */
export const slowDown = (emulator) => control(emulator, "faults", { kind: "slow", milliseconds: 2500, path: "composite", times: 2 });

/** Gives the industries of the org's accounts. */
export const setOptions = (emulator, values) => control(emulator, "schema", { picklists: [{ object: "Account", field: "Industry", values }] });

/** Calls the org as a colleague does with another program. Each call signs in: the demo's clock runs fast, and sessions end. */
async function call(emulator, method, path, body) {
  const form = new URLSearchParams({
    grant_type: "password", client_id: "tsugite-emulator-key", client_secret: "tsugite-emulator-secret",
    username: "haruka.sato@tsugite.example", password: "emulator",
  });
  const signedIn = await fetch(`${emulator}/services/oauth2/token`, { method: "POST", body: form });
  const { access_token: token } = await signedIn.json();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${emulator}/services/data/v66.0/sobjects/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

/** Makes a record, and gives its id. */
export const makeRecord = async (emulator, object, fields) => (await call(emulator, "POST", object, fields)).id;

/** Changes a record. */
export const editRecord = (emulator, object, id, fields) => call(emulator, "PATCH", `${object}/${id}`, fields);
