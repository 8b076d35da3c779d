// What a page may ask for as soon as it is there: own forms, and the inspector.

import { embed } from "./embed.js";
import { inspect } from "./inspect.js";

export const start = (server, site) => {
  embed(server);
  inspect(server, site).catch((error) => console.debug(error));
};
