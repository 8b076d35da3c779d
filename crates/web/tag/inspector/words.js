// Words of the inspector; the server sends them in the admin's language.

/** A text with its values filled in. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** A property in words; those that somebody named stay as they are. */
export const propertyName = ({ properties }, key) => properties[key] || key;

/** Evidence in words, or the name of a plugin's own event. */
export const evidenceText = ({ evidence, texts }, word) => evidence[word] || fill(texts.vendor, { name: word });
