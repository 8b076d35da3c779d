// Loaded at the first focus in a form: what its inputs ask for, and what plugins and frames say became of a submission.

export { entryOf } from "./entry.js";
export { message } from "./frames.js";
export { holdsNumber } from "./numbers.js";
export { start } from "./start.js";
export { textsOf } from "./texts.js";
export { adapt } from "./vendors.js";
