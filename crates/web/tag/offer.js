// A booking is offered. The dialog is a module of its own, and what is offered outlives a redirect of the page.

import { configFor } from "./config.js";
import { server, site } from "./script.js";
import { keep, kept } from "./storage.js";

const listeners = {};

export const on = (name, listener) => (listeners[name] ||= []).push(listener);

export const emit = (name, detail) => (listeners[name] || []).forEach((listener) => {
  try {
    listener(detail);
  } catch (error) {
    console.error(error);
  }
});

export const open = async (offered) => {
  const config = await configFor();
  const dialog = await import(server + config.dialog);
  return dialog.open(offered, { site, emit, keep, kept });
};

/** Opens what is offered now, or what the page before could not show any more. */
export const offer = (offered) => {
  if (offered) {
    offered.until = Date.now() + offered.expires * 1000;
    keep("offer", offered);
    emit("offered", offered);
  } else {
    offered = kept("offer");
    if (!offered || offered.until < Date.now()) return;
  }
  open(offered).catch((error) => emit("error", error));
};
