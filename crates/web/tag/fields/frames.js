// What frames of other services say. A message counts when it comes from a frame that stands on this page itself, and
// from the service's own origin or from the one that the frame was given.

import { hubspot } from "./vendors.js";

const ids = new Set();
const once = (id) => !id || !ids.has(id) && ids.add(id);

/** Each service: its hosts, and what it says of a submission. Values come only where a service tells them. */
const SERVICES = [
  [/(^|\.)(hsforms|hubspot)\.(com|net)$/, ({ type, eventName, id, data }) =>
    type == "hsFormCallback" && eventName == "onFormSubmitted" && once(id) &&
    ["HubSpot", hubspot(data?.submissionValues || {})]],
  [/(^|\.)typeform\.com$/, ({ type }) => type == "form-submit" && ["Typeform"]],
  [/(^|\.)jotform\.com$/, ({ action }) => action == "submission-completed" && ["Jotform"]],
  [/(^|\.)tally\.so$/, ({ event }) => event == "Tally.FormSubmitted" && ["Tally"]],
];

const read = (data) => {
  if (typeof data != "string") return data;
  try {
    return JSON.parse(data);
  } catch {}
};

const text = (value) => typeof value == "string" && value.length < 256 ? value : undefined;

/** Hears a message of a frame. */
export const message = ({ data, origin, source }, reported) => {
  const said = read(data);
  if (!said || typeof said != "object") return;
  const frame = [...document.querySelectorAll("iframe")].find((one) => one.contentWindow === source);
  const host = new URL(origin).hostname;
  const isOurs = source == window && origin == location.origin;
  if (!frame && !isOurs) return;
  for (const [hosts, tells] of SERVICES) {
    const isTheirs = frame ? hosts.test(host) : hosts == SERVICES[0][0];
    const told = isTheirs && tells(said);
    if (!told) continue;
    const values = {};
    for (const [key, value] of Object.entries(told[1] || {})) if (text(value)) values[key] = value;
    return reported(values, told[0], "message");
  }
  // The line for the completion text of a form in a frame, such as Pardot's.
  if (frame && said.tsugite === "submitted" && new URL(frame.src, location.href).origin == origin) {
    const { email, ...others } = said.values && typeof said.values == "object" ? said.values : {};
    reported(text(email) ? { email, name: text(others.name), company: text(others.company) } : {}, text(said.form) || "frame", "message");
  }
};
