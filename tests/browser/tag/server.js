// The server as its users have it: the tag's settings and what it recognised, through the API.

const nothing = { kind: "nothing" };

/** Settings of stories in which the dialog opens after a conversion. */
export const withDialog = { other_forms: { on: true, grade: "likely", then: { kind: "page", page: "sales/demo" } } };

/** A server and its API key. */
export async function connect(url, apiKey) {
  const call = async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { key } = await call("GET", "/tag");
  const origins = [];
  const mapped = [];
  let saved = Promise.resolve();
  return {
    url,
    key,
    /** Allows a site, with its mapped forms. */
    configure(sites, { forms = [], ...more } = {}) {
      origins.push(...sites);
      mapped.push(...forms.map((form) => ({ url: `${sites[0]}/*`, on: true, grade: "likely", then: nothing, ...form })));
      // Stories that are played at once must not take each other's settings away.
      saved = saved.then(() => call("PUT", "/tag", {
        origins, consent: "not_required", other_forms: { on: true, grade: "likely", then: nothing }, forms: mapped, ...more,
      }));
      return saved;
    },
    /** What was recognised on a site, the oldest first. */
    async conversions(origin) {
      const found = [];
      for (let cursor = ""; cursor !== null;) {
        const { conversions, next_cursor } = await call("GET", `/conversions?limit=200${cursor && `&cursor=${cursor}`}`);
        found.push(...conversions.filter((one) => one.page_url.startsWith(origin)));
        // A story's own conversions are the latest ones.
        cursor = conversions.length && found.length && conversions.at(-1).page_url.startsWith(origin) ? next_cursor : null;
      }
      return found.reverse();
    },
    /** Books as a program does; false when the time is taken. */
    async book(start, email) {
      const attendee = { email, name: "先約 一郎" };
      return call("POST", "/bookings", { page: "sales/demo", start, attendee }).then(() => true, () => false);
    },
    /** Makes a router and publishes it. */
    async router(slug, chart) {
      await call("POST", "/routers", { slug, ...chart });
      await call("POST", `/routers/${slug}/publish`, {});
    },
    /** The router's decision of which a booking came. */
    decisionOf: async (booking) => (await call("GET", "/routing-decisions?limit=50")).decisions.find((one) => one.booking == booking),
    bookings: async () => (await call("GET", "/bookings?limit=100")).bookings,
  };
}

/** The one that most stories share. */
export const server = await connect(process.env.TSUGITE_URL ?? "http://127.0.0.1:18080", process.env.TSUGITE_API_KEY);
