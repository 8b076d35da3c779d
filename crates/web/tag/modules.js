// The tag's modules, loaded when they are needed.

import { config, configFor, server } from "./server.js";

/** The module that knows what inputs ask for; nothing before somebody has been in a form. */
export let fields;

export const loadFields = async () => fields ||= await import(server + FIELDS);

export const loadDialog = async () => import(server + ((await configFor()) || config).dialog);
