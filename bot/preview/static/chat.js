// The owner's chat: shows what the server tells (server-sent events) and sends what the person does (JSON).

import { bubble, clock, keyboard } from "./bubbles.js";
import { Commands } from "./commands.js";
import { Log } from "./log.js";
import { $, answering, grow as growText, listen, make, popup, post, toaster, words } from "./tools.js";

const person = Number(document.body.dataset.person);
const scroller = $("scroller"), text = $("text");
const chat = { commands: [], blocked: false, editing: 0, connected: false, ready: false };
const act = (name, body) => post(name, { person, ...body });
const toast = toaster($("toast"));
const presses = answering(toast);
const commands = new Commands({ list: $("commands"), text, menu: $("menu"), known: () => chat.commands, take, changed: grow });
const log = new Log(scroller, $("log"), $("newest"), draw);

// ---------------------------------------------------------------- messages

function draw(message) {
  const node = make("article", `message ${message.mine ? "out" : "in"}`, bubble(message, say, ""), keyboard(message, press, toast));
  node.dataset.id = message.message_id;
  node.tabIndex = -1;
  node.setAttribute("aria-label", `${message.mine ? words.you : $("bot-name").textContent}, ${clock.format(message.date * 1000)}`);
  return node;
}

async function press(node, messageId, data) {
  expectAnswer();
  const sent = await act("press", { message_id: messageId, data });
  if (sent) presses.pressed(sent.query_id, node);
  else node.classList.remove("waiting");
}

function arrived(message) {
  log.arrived(message);
  if (!message.mine) {
    answerCame();
    document.dispatchEvent(new CustomEvent("owner-message"));
  }
  dress();
}

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
  const empty = log.messages.size === 0;
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
  log.toBottom(false);
  expectAnswer();
  if (!(await act("say", { text: words_ }))) answerCame();
}

function take(command) {
  focusWhereTyped();
  say(command);
}

function submit() {
  const words_ = text.value;
  if (!words_.trim()) return;
  text.value = "";
  if (chat.editing) act("edit", { message_id: chat.editing, text: words_ });
  else say(words_);
  stopEditing();
  commands.close();
  grow();
}

function grow() {
  growText(text);
  dress();
}

function editLast() {
  const mine = [...log.messages.values()].filter((message) => message.mine && message.text).pop();
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
  commands.suggest();
});

function focusWhereTyped() {
  if (matchMedia("(pointer: fine)").matches) text.focus();
  else scroller.focus({ preventScroll: true });
}

text.addEventListener("keydown", (event) => {
  if (event.isComposing || commands.key(event)) return;
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

// ---------------------------------------------------------------- menus, the people beside the chat

popup($("more"), $("more-menu"));
popup($("attach"), $("attach-menu"));
const CAPTIONED = ["photo", "document", "voice"];
$("more-menu").addEventListener("click", () => act("block"));
$("attach-menu").addEventListener("click", (event) => {
  const kind = event.target.closest("[data-kind]")?.dataset.kind;
  if (!kind) return;
  const caption = CAPTIONED.includes(kind) ? text.value.trim() : "";
  if (caption) text.value = "";
  grow();
  expectAnswer();
  act("send", { kind, caption });
});

function showPeople(open) {
  document.body.classList.toggle("choosing", open);
  $("veil").hidden = !open;
  $("people-open").setAttribute("aria-expanded", String(open));
  for (const pane of document.querySelectorAll(".chat, .staff, .tabs")) pane.inert = open;
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
  log.hold(state.messages, fresh);
  dress();
  if (log.following) log.toBottom(false);
  showStatus();
}

const TOLD = {
  state: apply,
  message: (event) => arrived(event.message),
  edit: (event) => {
    log.put(event.message);
    if (log.following) log.toBottom(true);
    if (!event.message.mine) answerCame();
  },
  delete: (event) => {
    log.remove(event.message_id);
    dress();
  },
  typing: () => typing(5000),
  answer: (event) => {
    presses.came(event);
    answerCame();
  },
  blocked: (event) => {
    chat.blocked = event.blocked;
    dress();
  },
  gone: () => location.assign("./"),
};

addEventListener("pageshow", (event) => event.persisted && location.reload());
showStatus();
listen({ person }, TOLD, () => {
  chat.connected = false;
  showStatus();
});
