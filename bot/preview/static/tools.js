// Small tools of the chat page.

export const $ = (id) => document.getElementById(id);
export const words = JSON.parse(document.body.dataset.words);
export const locale = document.documentElement.lang;
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `chat/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

// Tells the server what a person does; null where it cannot be done.
export async function post(name, body) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(`chat/${name}`, options);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// What the server tells about a chat, until the answer is called; `lost` when the line is cut.
export function listen(query, told, lost) {
  let source = null, timer = 0, ended = false;
  const open = () => {
    source = new EventSource(`chat/events?${new URLSearchParams(query)}`);
    source.onmessage = (event) => {
      const body = JSON.parse(event.data);
      told[body.type]?.(body);
    };
    source.onerror = () => {
      lost();
      if (source.readyState === EventSource.CLOSED && !ended) timer = setTimeout(open, 1500);
    };
  };
  const close = () => {
    ended = true;
    clearTimeout(timer);
    source.close();
  };
  open();
  addEventListener("pagehide", close, { once: true });
  return close;
}

export function toaster(node) {
  let timer = 0;
  return (said) => {
    clearTimeout(timer);
    node.textContent = said;
    node.classList.add("shown");
    timer = setTimeout(() => node.classList.remove("shown"), 3000 + said.length * 25);
  };
}

// The answers to presses: a button shimmers until its query is answered, then a toast or an alert shows.
export function answering(toast) {
  const waiting = new Map(), answered = new Set();
  const pressed = (queryId, node) => {
    if (answered.has(queryId)) return node.classList.remove("waiting");
    waiting.set(queryId, node);
    setTimeout(() => node.classList.remove("waiting"), 15000);
  };
  const came = (event) => {
    answered.add(event.query_id);
    waiting.get(event.query_id)?.classList.remove("waiting");
    waiting.delete(event.query_id);
    if (event.text && event.show_alert) {
      $("alert-text").textContent = event.text;
      if (!$("alert").open) $("alert").showModal();
    } else if (event.text) {
      toast(event.text);
    }
  };
  return { pressed, came };
}

// A button that opens a menu: arrows move in it, Escape and a click elsewhere close it.
export function popup(button, menu) {
  const items = () => [...menu.querySelectorAll("[role=menuitem]:not([disabled], [hidden])")];
  const show = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    show(menu.hidden);
    if (!menu.hidden) items()[0]?.focus();
  });
  menu.addEventListener("click", () => show(false));
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      show(false);
      button.focus();
    } else if (step) {
      event.preventDefault();
      const all = items();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) show(false);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) show(false);
  });
}

// The first letter of a name: what stands in its picture. Emoji before it stay in the name.
export const initial = (name) => (/\p{L}/u.exec(name) || [...name])[0] || "";

export function grow(text) {
  text.rows = Math.min(text.value.split("\n").length, 6);
}
