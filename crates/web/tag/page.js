// Reading a page that may be hostile. An input named "id", "elements" or "getAttribute" hides the form's own property
// of that name, so a form is read through the prototypes only. Prototypes of this window also read elements that were
// made in another document.

const getter = (type, name) => {
  const { get } = Object.getOwnPropertyDescriptor(type.prototype, name);
  return (element) => get.call(element);
};
export const kindOf = getter(Element, "localName");
export const isConnected = getter(Node, "isConnected");
const formElements = getter(HTMLFormElement, "elements");
const formTarget = getter(HTMLFormElement, "target");

/** An attribute, or "". */
export const attribute = (element, name) => Element.prototype.getAttribute.call(element, name) || "";

export const nearest = (element, selector) => Element.prototype.closest.call(element, selector);

export const rootOf = (element) => Node.prototype.getRootNode.call(element);

export const contains = (element, other) => Node.prototype.contains.call(element, other);

export const all = (root, selector) => [...(root.body ? Document : root.host ? DocumentFragment : Element).prototype.querySelectorAll.call(root, selector)];

export const isForm = (element) => element?.nodeType == 1 && kindOf(element) == "form";

export const targetOf = (form) => isForm(form) && formTarget(form);

/** The inputs of a form, also those that only name it, or those within another element. */
export const inputsOf = (scope) =>
  (isForm(scope) ? [...formElements(scope)] : all(scope, "input,select,textarea"))
    .filter((input) => /^(input|select|textarea)$/.test(kindOf(input)));

/** Whether a visitor sees the element. Traps for robots are moved out of sight in many ways. */
export const isVisible = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 2 && box.height > 2 && box.right + scrollX > 0 && box.bottom + scrollY > 0 &&
    element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false &&
    !element.closest("[aria-hidden=true]");
};

const BUTTONS = "button,input[type=submit],input[type=button],input[type=image]";
export const PRESSABLE = BUTTONS + ",a[href],[role=button]";

export const buttonsOf = (root) => all(root, BUTTONS).filter(isVisible);

export const textOf = (button) => button ? (button.value || "") + button.textContent + attribute(button, "alt") : "";

const typed = (input) => !/^(hidden|submit|button|image|reset|checkbox|radio|file)$/.test(input.type);

/** Whether somebody can type into it now. A disabled input counts: pages disable theirs while they send. */
export const isEditable = (input) => typed(input) && !input.readOnly && isVisible(input);

/** What tells an input from others, also on the next page. */
export const keyOf = (input) => input.name || input.id || input.placeholder || input.type;
