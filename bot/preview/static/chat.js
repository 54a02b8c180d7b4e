// The chat page: shows what the server tells (server-sent events) and sends what the person does (JSON).
// Texts become text nodes, never HTML; formatting comes from Telegram's entities.
"use strict";

const $ = (id) => document.getElementById(id);
const person = Number(document.body.dataset.person);
const words = JSON.parse(document.body.dataset.words);
const locale = document.documentElement.lang;
const log = $("log"), scroller = $("scroller"), text = $("text"), commandList = $("commands");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const chat = { messages: new Map(), commands: [], blocked: false, unread: 0, editing: 0, connected: false, ready: false };

// ---------------------------------------------------------------- small tools

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `chat/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

async function act(name, body) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ person, ...body }) };
  try {
    const answer = await fetch(`chat/${name}`, options);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// ---------------------------------------------------------------- texts with entities

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

function rich(source, entities) {
  const build = (from, to, inside) => {
    const out = document.createDocumentFragment();
    let at = from;
    while (inside.length) {
      const entity = inside.shift();
      const start = Math.max(entity.offset, at), end = Math.min(entity.offset + entity.length, to);
      if (start >= end) continue;
      out.append(source.slice(at, start));
      const nested = [];
      while (inside.length && inside[0].offset < end) nested.push(inside.shift());
      out.append(formatted(entity, source.slice(start, end), build(start, end, nested)));
      at = end;
    }
    out.append(source.slice(at, to));
    return out;
  };
  return build(0, source.length, [...(entities || [])]);
}

function formatted(entity, plain, content) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url || plain, content);
  if (entity.type === "bot_command") return commandLink(plain);
  if (entity.type === "spoiler") return spoiler(content);
  if (entity.type === "expandable_blockquote") return expandable(content);
  return make(TAGS[entity.type] || "span", "", content);
}

function link(url, content) {
  const node = make("a", "link", content);
  if (/^(https?|tg|mailto|tel):/i.test(url)) node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function commandLink(command) {
  const node = make("button", "link", command);
  node.type = "button";
  node.addEventListener("click", () => say(command));
  return node;
}

function spoiler(content) {
  const node = make("button", "spoiler", make("span", "", content));
  node.type = "button";
  node.setAttribute("aria-label", words.hidden);
  node.addEventListener("click", () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
  return node;
}

function expandable(content) {
  const more = make("button", "unfold", icon("down"));
  const node = make("blockquote", "expandable", make("div", "folded", content), more);
  more.type = "button";
  more.setAttribute("aria-label", words.more);
  more.setAttribute("aria-expanded", "false");
  more.addEventListener("click", () => {
    more.setAttribute("aria-expanded", String(node.classList.toggle("open")));
  });
  return node;
}

// ---------------------------------------------------------------- messages

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const days = Math.round((new Date(day.toDateString()) - new Date(new Date().toDateString())) / 86400000);
  const name = days > -2
    ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")
    : new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }).format(day);
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

function draw(message) {
  const node = make("article", `message ${message.mine ? "out" : "in"}`, bubble(message));
  node.dataset.id = message.message_id;
  node.tabIndex = -1;
  node.setAttribute("aria-label", `${message.mine ? words.you : $("bot-name").textContent}, ${clock.format(message.date * 1000)}`);
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard) node.append(drawKeyboard(message.message_id, keyboard, message.lang));
  return node;
}

function bubble(message) {
  const source = message.text ?? message.caption ?? "";
  const node = make("div", "bubble", forwardedFrom(message), quoted(message), drawAttachment(message));
  const said = make("div", "text", rich(source, message.entities || message.caption_entities), meta(message));
  said.lang = message.lang;
  node.append(said);
  if (message.sticker) node.classList.add("bare");
  return node;
}

function meta(message) {
  const time = make("time", "", clock.format(message.date * 1000));
  time.dateTime = new Date(message.date * 1000).toISOString();
  const node = make("span", "meta", message.edit_date && message.mine ? make("span", "", words.edited) : null, time, message.mine ? icon("ticks") : null);
  node.lang = locale;
  return node;
}

function forwardedFrom(message) {
  const origin = message.forward_origin;
  return origin ? make("p", "forwarded", `${words.forwarded} `, make("b", "", origin.sender_user_name || "")) : null;
}

function quoted(message) {
  const original = message.reply_to_message;
  return original ? make("p", "quoted", (original.text || original.caption || words.attachment).slice(0, 120)) : null;
}

function drawAttachment(message) {
  if (message.sticker) return make("p", "sticker", message.sticker.emoji || "");
  const kind = ["photo", "document", "voice", "video", "location", "contact", "poll", "dice"].find((name) => message[name]);
  if (!kind) return null;
  const label = message.document?.file_name || words[kind] || words.attachment;
  const known = ["photo", "document", "voice", "location"].includes(kind);
  return make("p", `attachment ${kind}`, icon(known ? kind : "attachment"), make("span", "", label));
}

function drawKeyboard(messageId, rows, lang) {
  const node = make("div", "keyboard", ...rows.map((row) => make("div", "keys", ...row.map((button) => key(messageId, button)))));
  node.lang = lang;
  return node;
}

function key(messageId, button) {
  if (button.url) {
    const node = link(button.url, make("span", "", button.text));
    node.className = "key";
    node.append(icon("link"));
    return node;
  }
  const node = make("button", "key", make("span", "", button.text));
  node.type = "button";
  if (button.style) node.classList.add(button.style);
  node.addEventListener("click", () => pushed(node, messageId, button));
  return node;
}

// Two taps are two queries, as in Telegram: nothing here stops the second one.
const waiting = new Map(), answered = new Set();

async function pushed(node, messageId, button) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    return toast(words.copied);
  }
  if (button.callback_data === undefined) return;
  node.classList.add("waiting");
  expectAnswer();
  const sent = await act("press", { message_id: messageId, data: button.callback_data });
  if (!sent || answered.has(sent.query_id)) return node.classList.remove("waiting");
  waiting.set(sent.query_id, node);
  setTimeout(() => node.classList.remove("waiting"), 15000);
}

function queryAnswered(event) {
  answered.add(event.query_id);
  waiting.get(event.query_id)?.classList.remove("waiting");
  waiting.delete(event.query_id);
  answerCame();
  if (event.text && event.show_alert) {
    $("alert-text").textContent = event.text;
    if (!$("alert").open) $("alert").showModal();
  } else if (event.text) {
    toast(event.text);
  }
}

let toastTimer = 0;
function toast(words_) {
  clearTimeout(toastTimer);
  $("toast").textContent = words_;
  $("toast").classList.add("shown");
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), 3000 + words_.length * 25);
}

// ---------------------------------------------------------------- the log

const atBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 90;

// Someone who has scrolled up reads on in peace; everyone else follows the newest message.
let following = true, lastTop = 0;

// A message taller than the screen is shown from its first line.
function toBottom(smooth) {
  following = true;
  const newest = log.lastElementChild;
  const tall = newest && newest.offsetHeight > scroller.clientHeight;
  const first = tall ? newest.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop - 8 : Infinity;
  scroller.scrollTo({ top: Math.min(first, scroller.scrollHeight), behavior: smooth && !calm.matches ? "smooth" : "instant" });
}

function put(message) {
  const old = log.querySelector(`[data-id="${message.message_id}"]`);
  const known = chat.messages.get(message.message_id);
  chat.messages.set(message.message_id, message);
  if (old && JSON.stringify(known) === JSON.stringify(message)) return;
  if (old) return replace(old, draw(message));
  const day = dayOf(message.date);
  if (log.dataset.day !== day) log.append(make("p", "day", make("span", "", dayName(message.date))));
  log.dataset.day = day;
  log.append(draw(message));
}

// An edited question loses its buttons: focus stays with the message, so that Tab leads to the next question.
function replace(old, fresh) {
  const focused = old.contains(document.activeElement);
  const index = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (focused) (fresh.querySelectorAll(".key")[index] || fresh).focus({ preventScroll: true });
}

function remove(messageId) {
  chat.messages.delete(messageId);
  log.querySelector(`[data-id="${messageId}"]`)?.remove();
  if (!chat.messages.size) clearLog();
}

function clearLog() {
  log.replaceChildren();
  delete log.dataset.day;
}

function arrived(message) {
  put(message);
  if (message.mine || following) toBottom(true);
  else countUnread();
  if (!message.mine) answerCame();
  dress();
}

function countUnread() {
  chat.unread += 1;
  showUnread();
}

function showUnread() {
  $("unread").textContent = chat.unread || "";
  $("unread").hidden = !chat.unread;
  $("newest").hidden = following;
  $("newest").setAttribute("aria-label", chat.unread ? `${words.newest} (${chat.unread} ${words.unread})` : words.newest);
}

scroller.addEventListener("scroll", () => {
  following = atBottom() || (following && scroller.scrollTop >= lastTop);
  lastTop = scroller.scrollTop;
  if (following) chat.unread = 0;
  showUnread();
}, { passive: true });
new ResizeObserver(() => following && toBottom(false)).observe(scroller);
$("newest").addEventListener("click", () => {
  toBottom(true);
  scroller.focus({ preventScroll: true });
});

// ---------------------------------------------------------------- the line under the bot's name

let typingUntil = 0, typingTimer = 0;

function typing(milliseconds) {
  typingUntil = Date.now() + milliseconds;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(showStatus, milliseconds + 20);
  showStatus();
}

let awaited = 0;
function expectAnswer() {
  clearTimeout(awaited);
  awaited = setTimeout(() => typing(20000), 250);
}

function answerCame() {
  clearTimeout(awaited);
  typing(0);
}

function showStatus() {
  const busy = !chat.connected ? words.connecting : Date.now() < typingUntil ? words.typing : "";
  $("status").replaceChildren(busy || words.bot);
  if (busy) $("status").append(make("span", "dots", make("i"), make("i"), make("i")));
  $("status").classList.toggle("busy", Boolean(busy));
}

// ---------------------------------------------------------------- the dock

function dress() {
  const empty = chat.messages.size === 0;
  $("about").hidden = !chat.ready || !empty;
  $("start").hidden = !chat.ready || !empty || chat.blocked;
  $("unblock").hidden = !chat.blocked;
  $("composer").hidden = !chat.ready || empty || chat.blocked;
  $("menu").hidden = !chat.commands.length;
  $("more-menu").querySelector("[data-act=block]").disabled = chat.blocked;
  $("composer").classList.toggle("typed", text.value.trim() !== "");
}

async function say(words_) {
  if (!words_.trim() || chat.blocked) return;
  toBottom(false);
  expectAnswer();
  if (!(await act("say", { text: words_ }))) answerCame();
}

function submit() {
  const words_ = text.value;
  if (!words_.trim()) return;
  text.value = "";
  if (chat.editing) act("edit", { message_id: chat.editing, text: words_ });
  else say(words_);
  stopEditing();
  closeCommands();
  grow();
}

function grow() {
  text.rows = Math.min(text.value.split("\n").length, 6);
  dress();
}

function editLast() {
  const mine = [...chat.messages.values()].filter((message) => message.mine && message.text).pop();
  if (!mine) return;
  chat.editing = mine.message_id;
  text.value = mine.text;
  $("editing-text").textContent = mine.text;
  $("editing").hidden = false;
  grow();
}

function stopEditing() {
  chat.editing = 0;
  $("editing").hidden = true;
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus();
});
$("start").addEventListener("click", () => say(`/start ${document.body.dataset.payload}`.trim()).then(() => focusWhereTyped()));
$("unblock").addEventListener("click", () => act("unblock"));
$("editing-cancel").addEventListener("click", () => {
  text.value = "";
  stopEditing();
  grow();
  text.focus();
});
text.addEventListener("input", () => {
  grow();
  suggest();
});

function focusWhereTyped() {
  if (matchMedia("(pointer: fine)").matches) text.focus();
  else scroller.focus({ preventScroll: true });
}

text.addEventListener("keydown", (event) => {
  if (event.isComposing || commandKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && text.value === "") {
    event.preventDefault();
    editLast();
  } else if (event.key === "Escape" && chat.editing) {
    $("editing-cancel").click();
  }
});

// ---------------------------------------------------------------- commands: the menu, and what "/" completes to

let chosen = -1;

function suggest() {
  const typed = /^\/(\w*)$/.exec(text.value);
  const fitting = typed ? chat.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
  if (fitting.length) openCommands(fitting, 0);
  else closeCommands();
}

function openCommands(commands, first) {
  commandList.replaceChildren(...commands.map(commandRow));
  commandList.hidden = false;
  $("menu").setAttribute("aria-expanded", "true");
  choose(first);
}

function commandRow({ command, description }, index) {
  const row = make("div", "command", make("b", "", `/${command}`), make("span", "", description));
  row.id = `command-${index}`;
  row.setAttribute("role", "option");
  row.dataset.command = `/${command}`;
  row.addEventListener("click", () => take(row));
  row.addEventListener("pointermove", () => choose(index));
  return row;
}

function choose(index) {
  const rows = [...commandList.children];
  chosen = (index + rows.length) % rows.length;
  rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  rows[chosen].scrollIntoView({ block: "nearest" });
  for (const owner of [text, commandList]) owner.setAttribute("aria-activedescendant", rows[chosen].id);
}

function take(row) {
  closeCommands();
  text.value = "";
  grow();
  focusWhereTyped();
  say(row.dataset.command);
}

function closeCommands() {
  commandList.hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
  for (const owner of [text, commandList]) owner.removeAttribute("aria-activedescendant");
}

function commandKey(event) {
  if (commandList.hidden) return false;
  const row = commandList.children[chosen];
  const does = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Home: () => choose(0),
    End: () => choose(-1),
    Enter: () => take(row),
    Tab: () => {
      text.value = `${row.dataset.command} `;
      closeCommands();
      grow();
      text.focus();
    },
    Escape: () => {
      closeCommands();
      text.focus();
    },
  }[event.key];
  if (!does || event.shiftKey) return false;
  event.preventDefault();
  event.stopPropagation();
  does();
  return true;
}

commandList.addEventListener("keydown", commandKey);
$("menu").addEventListener("click", () => {
  if (!commandList.hidden) return closeCommands();
  openCommands(chat.commands, 0);
  commandList.focus();
});

// ---------------------------------------------------------------- menus, the people beside the chat

function popup(button, menu) {
  const items = () => [...menu.querySelectorAll("[role=menuitem]:not([disabled])")];
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

popup($("more"), $("more-menu"));
popup($("attach"), $("attach-menu"));
$("more-menu").addEventListener("click", () => act("block"));
$("attach-menu").addEventListener("click", (event) => {
  const kind = event.target.closest("[data-kind]")?.dataset.kind;
  if (!kind) return;
  expectAnswer();
  act("send", { kind });
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".dock")) closeCommands();
});

function showPeople(open) {
  document.body.classList.toggle("choosing", open);
  $("veil").hidden = !open;
  $("people-open").setAttribute("aria-expanded", String(open));
  $("chat").inert = open;
  (open ? $("people-close") : $("people-open")).focus();
}
$("people-open").addEventListener("click", () => showPeople(true));
$("people-close").addEventListener("click", () => showPeople(false));
$("veil").addEventListener("click", () => showPeople(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("choosing")) showPeople(false);
});
$("language").addEventListener("change", () => act("language", { language_code: $("language").value }));
$("newcomer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const added = await act("people", Object.fromEntries(new FormData(event.target)));
  if (added) location.assign(`./?as=${added.person}`);
});

// ---------------------------------------------------------------- what the server tells

function apply(state) {
  if (state.language !== document.body.dataset.language) return location.reload();
  const fresh = !chat.ready || state.messages.length === 0;
  Object.assign(chat, { commands: state.commands, blocked: state.blocked, connected: true, ready: true });
  $("bot-name").textContent = $("alert-title").textContent = document.title = state.name;
  $("description").textContent = state.description || words.nothing_yet;
  $("about-title").hidden = !state.description;
  log.setAttribute("aria-busy", String(fresh));
  const ids = new Set(state.messages.map((message) => message.message_id));
  [...chat.messages.keys()].filter((id) => !ids.has(id)).forEach(remove);
  state.messages.forEach(put);
  log.setAttribute("aria-busy", "false");
  dress();
  if (following) toBottom(false);
  showStatus();
}

const TOLD = {
  state: apply,
  message: (event) => arrived(event.message),
  edit: (event) => {
    put(event.message);
    if (following) toBottom(true);
    if (!event.message.mine) answerCame();
  },
  delete: (event) => {
    remove(event.message_id);
    dress();
  },
  typing: () => typing(5000),
  answer: queryAnswered,
  blocked: (event) => {
    chat.blocked = event.blocked;
    dress();
  },
  gone: () => location.assign("./"),
};

function listen() {
  const source = new EventSource(`chat/events?person=${person}`);
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    TOLD[told.type]?.(told);
  };
  source.onerror = () => {
    chat.connected = false;
    showStatus();
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
  addEventListener("pagehide", () => source.close(), { once: true });
}

addEventListener("pageshow", (event) => event.persisted && location.reload());
showStatus();
listen();
