// A booking is offered. The dialog is a module of its own, and what is offered outlives a redirect of the page.

import { loadDialog } from "./modules.js";
import { post, server } from "./server.js";
import { keep, kept } from "./storage.js";
import { visitor } from "./visitor.js";

const listeners = [];

export const on = (name, listener) => listeners.push([name, listener]);

export const emit = (name, detail) => listeners.forEach(([wanted, listener]) => wanted == name && setTimeout(listener, 0, detail));

export const open = (offered) =>
  loadDialog().then((dialog) => dialog.open(offered, { server, post, emit, keep, kept, visitor })).catch((error) => emit("error", error));

/** Opens what is offered now, or what the page before could not show any more. */
export const offer = (offered) => {
  if (offered) {
    offered.until = Date.now() + offered.expires * 1000;
    keep("offer", offered);
    emit("offered", offered);
  }
  if ((offered ||= kept("offer"))?.until > Date.now()) open(offered);
};
