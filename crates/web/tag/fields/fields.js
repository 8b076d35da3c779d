// Loaded at the first focus in a form: what its inputs ask for, and the plugins that say what became of a submission.

export { entryOf } from "./entry.js";
export { adapt } from "./vendors.js";
