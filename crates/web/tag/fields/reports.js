// The reports of this page, for an inspector that may open a moment after them.

const MOST = 50;
const reports = [];
let listener;

/** Notes a report. */
export const note = (report) => {
  if (reports.push(report) > MOST) reports.shift();
  listener?.(report);
};

/** Tells of each report, also of those before. */
export const reportsTo = (does) => {
  listener = does;
  reports.forEach(does);
};
