// The staff group beside the owner's chat: one person plays everybody in it, one at a time.

import { bubble, clock, gist, keyboard } from "./bubbles.js";
import { Commands } from "./commands.js";
import { Log } from "./log.js";
import { $, answering, grow, icon, initial, listen, make, popup, post, toaster, words } from "./tools.js";
import { drawTopics, topicOf } from "./topics.js";

const group = Number(document.body.dataset.group);
const section = $("staff"), text = $("staff-text"), picker = $("staff-person");
const narrow = matchMedia("(max-width: 759px)"), single = matchMedia("(max-width: 1099px)");
const CAPTIONED = ["photo", "document", "voice"];
const GENERAL = { message_thread_id: 0, name: words.general, closed: false };
const room = { topic: Number(sessionStorage.getItem("topic")) || 0, topics: new Map(), messages: new Map(), unread: new Map(), commands: [], status: "", members: 0, reply: null, editing: null, ready: false };
const toast = toaster($("staff-toast"));
const presses = answering(toast);
const commands = new Commands({ list: $("staff-commands"), text, menu: null, known: () => room.commands, take: say, changed: stopStrip });
const log = new Log($("staff-scroller"), $("staff-log"), $("staff-newest"), draw);
let hangUp = () => {};

const here = () => room.topics.get(room.topic) || GENERAL;
const isAdmin = () => ["administrator", "creator"].includes(room.status);
const paneShown = () => !narrow.matches || document.body.dataset.pane === "staff";
const isRead = (thread) => thread === room.topic && paneShown() && (!single.matches || section.dataset.view === "topic");

async function act(name, body) {
  const done = await post(name, { person: Number(picker.value), chat: group, ...body });
  if (!done) toast(words.refused);
  return done;
}

// ---------------------------------------------------------------- messages

const nameOf = (message) => message.sender_chat?.title || message.from?.first_name || "";
const authorOf = (message) => String(message.sender_chat?.id || message.from?.id);
const hue = (message) => Math.abs(Number(authorOf(message))) % 7;

const SERVICE = {
  forum_topic_created: (of) => `${words.topic_created}: ${of.name}`,
  forum_topic_edited: (of) => `${words.topic_edited}: ${of.name || ""}`,
  forum_topic_closed: () => words.topic_closed,
  forum_topic_reopened: () => words.topic_reopened,
  new_chat_members: (of) => `${words.joined}: ${of.map((user) => user.first_name).join(", ")}`,
  left_chat_member: (of) => `${words.left}: ${of.first_name}`,
};

function serviceText(message) {
  const kind = Object.keys(SERVICE).find((name) => message[name]);
  return kind ? SERVICE[kind](message[kind]) : "";
}

function draw(message, previous) {
  const service = serviceText(message);
  const node = service ? make("p", "day", make("span", "", service)) : drawPost(message, previous);
  node.dataset.id = message.message_id;
  node.dataset.author = service ? "" : authorOf(message);
  return node;
}

function drawPost(message, previous) {
  const run = previous?.dataset.author === authorOf(message);
  const name = message.mine || run ? null : make("p", `author by-${hue(message)}`, nameOf(message));
  const quotedName = message.reply_to_message ? nameOf(message.reply_to_message) : "";
  const node = make("article", `post ${message.mine ? "out" : "in"}${run ? " run" : ""}`, message.mine ? null : face(message), bubble(message, say, quotedName, ...[name].filter(Boolean)), keyboard(message, press, toast), actions(message));
  node.tabIndex = -1;
  node.setAttribute("aria-label", `${message.mine ? words.you : nameOf(message)}, ${clock.format(message.date * 1000)}`);
  return node;
}

function face(message) {
  if (!message.from?.is_bot || message.sender_chat) {
    const node = make("span", `face small hue-${hue(message)}`, initial(nameOf(message)));
    node.setAttribute("aria-hidden", "true");
    return node;
  }
  const node = make("img", "face small");
  Object.assign(node, { src: "chat/static/bot.svg", alt: "" });
  return node;
}

function actions(message) {
  const changeable = message.mine && (message.text || CAPTIONED.some((kind) => message[kind]));
  return make("div", "actions", action("reply", words.reply, () => startReply(message)), changeable ? action("pencil", words.edit, () => startEdit(message)) : null);
}

function action(picture, label, does) {
  const node = make("button", "round", icon(picture));
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.title = label;
  node.addEventListener("click", does);
  return node;
}

async function press(node, messageId, data) {
  const sent = await act("press", { message_id: messageId, data });
  if (sent) presses.pressed(sent.query_id, node);
  else node.classList.remove("waiting");
}

// ---------------------------------------------------------------- topics

function listTopics() {
  drawTopics($("topics"), [GENERAL, ...room.topics.values()], room, open);
  const unread = [...room.unread.values()].reduce((sum, count) => sum + count, 0);
  showBadge("staff", unread);
}

function open(thread) {
  section.dataset.view = "topic";
  stopStrip();
  show(thread);
  if (matchMedia("(pointer: fine)").matches && !$("staff-composer").hidden) text.focus();
  else $("staff-scroller").focus({ preventScroll: true });
}

function show(thread) {
  room.topic = thread;
  sessionStorage.setItem("topic", thread);
  log.clear();
  fill();
  log.toBottom(false);
}

function fill() {
  log.hold([...room.messages.values()].filter((message) => topicOf(message) === room.topic), true);
  read();
  dress();
}

function read() {
  if (isRead(room.topic)) room.unread.delete(room.topic);
  listTopics();
}

function dress() {
  const topic = here(), shut = topic.closed && !isAdmin();
  $("topic-name").textContent = topic.name;
  $("topic-lock").hidden = !topic.closed;
  $("topic-more-home").hidden = !room.topic || !isAdmin();
  $("topic-menu").querySelector("[data-what=close]").hidden = topic.closed;
  $("topic-menu").querySelector("[data-what=reopen]").hidden = !topic.closed;
  $("staff-shut").hidden = !shut;
  $("staff-composer").hidden = shut;
  $("staff-empty").hidden = !room.ready || log.messages.size > 0;
  $("staff-status").textContent = room.ready ? `${room.members} ${words.members}` : words.connecting;
  $("staff-composer").classList.toggle("typed", text.value.trim() !== "");
}

popup($("topic-more"), $("topic-menu"));
$("topic-menu").addEventListener("click", (event) => {
  const what = event.target.closest("[data-what]")?.dataset.what;
  if (what) act("topic", { what, thread: room.topic });
});
$("staff-back").addEventListener("click", () => {
  section.dataset.view = "list";
  $("topics").querySelector("[aria-current]")?.focus();
});

// ---------------------------------------------------------------- the dock

const place = () => ({ thread: room.topic, reply_to: room.reply?.message_id || 0 });

function say(said) {
  log.toBottom(false);
  return act("say", { text: said, ...place() });
}

function submit() {
  const said = text.value;
  if (!said.trim()) return;
  text.value = "";
  if (room.editing) act("edit", { message_id: room.editing.message_id, text: said });
  else say(said);
  stopStrip();
  commands.close();
}

function attach(kind) {
  const caption = CAPTIONED.includes(kind) ? text.value.trim() : "";
  if (caption) text.value = "";
  act("send", { kind, caption, ...place() });
  stopStrip();
}

function startReply(message) {
  room.reply = message;
  room.editing = null;
  strip("reply", `${words.reply_to} ${message.mine ? words.you : nameOf(message)}`, message);
}

function startEdit(message) {
  room.editing = message;
  room.reply = null;
  text.value = message.text ?? message.caption ?? "";
  strip("pencil", words.edit, message);
}

function strip(picture, title, message) {
  $("strip-icon").replaceChildren(icon(picture));
  $("strip-title").textContent = title;
  $("strip-text").textContent = gist(message);
  $("staff-strip").hidden = false;
  grow(text);
  dress();
  text.focus();
}

function stopStrip() {
  room.reply = room.editing = null;
  $("staff-strip").hidden = true;
  grow(text);
  dress();
}

function cancelStrip() {
  if (room.editing) text.value = "";
  stopStrip();
  text.focus();
}

$("strip-cancel").addEventListener("click", cancelStrip);
$("staff-composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus();
});
text.addEventListener("input", () => {
  grow(text);
  dress();
  commands.suggest();
});
text.addEventListener("keydown", (event) => {
  if (event.isComposing || commands.key(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && text.value === "") {
    const mine = [...log.messages.values()].filter((message) => message.mine && message.text).pop();
    if (mine) startEdit(mine);
  } else if (event.key === "Escape" && !$("staff-strip").hidden) {
    cancelStrip();
  }
});
popup($("staff-attach"), $("staff-attach-menu"));
$("staff-attach-menu").addEventListener("click", (event) => {
  const kind = event.target.closest("[data-kind]")?.dataset.kind;
  if (kind) attach(kind);
});

// ---------------------------------------------------------------- the two panes of a phone

const counts = { owner: 0, staff: 0 };

function showBadge(pane, count) {
  counts[pane] = count;
  const badge = document.querySelector(`.tabs [data-pane=${pane}] .badge`);
  badge.textContent = count || "";
  badge.hidden = !count;
}

function turn(pane) {
  document.body.dataset.pane = pane;
  sessionStorage.setItem("pane", pane);
  for (const tab of document.querySelectorAll(".tabs [data-pane]")) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
  if (pane === "owner") showBadge("owner", 0);
  read();
  if (log.following) log.toBottom(false);
}

for (const tab of document.querySelectorAll(".tabs [data-pane]")) tab.addEventListener("click", () => turn(tab.dataset.pane));
document.addEventListener("owner-message", () => {
  if (narrow.matches && document.body.dataset.pane === "staff") showBadge("owner", counts.owner + 1);
});
for (const width of [narrow, single]) width.addEventListener("change", read);

// ---------------------------------------------------------------- what the server tells

function apply(state) {
  Object.assign(room, { commands: state.commands, status: state.status, members: state.members, ready: true });
  room.topics = new Map(state.topics.map((topic) => [topic.message_thread_id, topic]));
  room.messages = new Map(state.messages.map((message) => [message.message_id, message]));
  if (!room.topics.has(room.topic)) room.topic = 0;
  $("staff-title").textContent = state.title;
  fill();
  if (log.following) log.toBottom(false);
}

function arrived(message) {
  const thread = topicOf(message);
  room.messages.set(message.message_id, message);
  if (!message.mine && !isRead(thread)) room.unread.set(thread, (room.unread.get(thread) || 0) + 1);
  if (thread === room.topic) log.arrived(message);
  listTopics();
  dress();
}

function forget(thread) {
  room.topics.delete(thread);
  room.unread.delete(thread);
  room.messages = new Map([...room.messages].filter(([, message]) => topicOf(message) !== thread));
  if (thread === room.topic) section.dataset.view = "list";
  if (thread === room.topic) show(0);
  else listTopics();
}

const TOLD = {
  state: apply,
  message: (event) => arrived(event.message),
  edit: ({ message }) => {
    room.messages.set(message.message_id, message);
    if (topicOf(message) === room.topic) log.put(message);
    if (log.following) log.toBottom(true);
    listTopics();
  },
  delete: (event) => {
    room.messages.delete(event.message_id);
    log.remove(event.message_id);
    listTopics();
    dress();
  },
  topic: ({ topic }) => {
    room.topics.set(topic.message_thread_id, topic);
    listTopics();
    dress();
  },
  topic_deleted: (event) => forget(event.thread),
  answer: (event) => event.person === Number(picker.value) && presses.came(event),
};

function follow() {
  hangUp();
  hangUp = listen({ person: picker.value, chat: group }, TOLD, () => {
    room.ready = false;
    dress();
  });
}

picker.addEventListener("change", () => {
  sessionStorage.setItem("staff", picker.value);
  stopStrip();
  follow();
});
if (sessionStorage.getItem("staff")) picker.value = sessionStorage.getItem("staff");
if (picker.selectedIndex < 0) picker.selectedIndex = 0;
turn(sessionStorage.getItem("pane") === "staff" ? "staff" : "owner");
follow();
