// The first step: days, and the times of the chosen one.

import { button, make } from "./make.js";

/** The zone in which this visitor reads times: their own, unless the page's shows the same. */
export const zoneOf = ({ zone }) => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own == zone) return zone;
  const shown = (timeZone) => new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "short" }).format();
  return own && shown(own) != shown(zone) ? own : zone;
};

/** The same times by the days of another zone. */
export const inZone = (days, timeZone, language) => {
  const key = new Intl.DateTimeFormat("en-CA", { timeZone });
  const label = new Intl.DateTimeFormat(language, { timeZone, month: "long", day: "numeric", weekday: "short" });
  const found = new Map();
  for (const start of days.flatMap((day) => day.slots)) {
    const at = new Date(start);
    const day = key.format(at);
    if (!found.has(day)) found.set(day, { day, label: label.format(at), slots: [] });
    found.get(day).slots.push(start);
  }
  return [...found.values()];
};

const made = {};

/** Formats of a time in a zone; making them takes longer than using them. */
export const formats = (zone, language) => made[zone + language] ||= makeFormats(zone, language);

const makeFormats = (zone, language) => {
  const of = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const time = of({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = of({ month: "long", day: "numeric", weekday: "short" });
  const parts = of({ timeZoneName: "long" }).formatToParts(new Date());
  return {
    zone: parts.find((part) => part.type == "timeZoneName").value,
    time: (start) => time.format(new Date(start)),
    full: (start, minutes) => `${day.format(new Date(start))} ${time.format(new Date(start))}–${time.format(new Date(Date.parse(start) + minutes * 60000))}`,
  };
};

/** The open time that is nearest to another one. */
export const nearest = (days, start) => days.flatMap((day) => day.slots)
  .reduce((best, one) => (best && Math.abs(Date.parse(best) - Date.parse(start)) <= Math.abs(Date.parse(one) - Date.parse(start)) ? best : one), undefined);

/** The step; `near` is marked, and its day shown first. */
export const daysStep = ({ offer, days, more, before, near, choose, go }) => {
  const { texts, zone, minutes, title, language } = offer;
  const format = formats(zone, language);
  const times = make("ul", { className: "times", role: "list" });
  const strip = make("div", { className: "days", role: "group", "aria-label": texts.choose });
  const pick = (day, pressed) => {
    for (const one of strip.children) one.setAttribute("aria-pressed", one === pressed);
    times.replaceChildren(...day.slots.map((start) => make("li", {}, button(format.time(start), () => choose(start), {
      className: start == near ? "near" : "", "aria-label": format.full(start, minutes), "data-start": start,
    }))));
  };
  const first = Math.max(0, days.findIndex((day) => day.slots.includes(near)));
  days.forEach((day, place) => {
    const one = button(day.label, () => pick(day, one), { "aria-pressed": "false" });
    strip.append(one);
    if (place == first) pick(day, one);
  });
  return [
    make("p", { className: "soft" }, `${title} · ${texts.zone} ${format.zone}`),
    days.length ? make("h3", { tabIndex: -1, "data-focus": "" }, texts.choose) : make("p", { tabIndex: -1, "data-focus": "" }, `${texts.none} ${texts.none_remedy}`),
    strip, times,
    make("div", { className: "row" }, before && button(texts.earlier, before, { className: "quiet" }), more && button(texts.more, go, { className: "quiet" })),
  ];
};
