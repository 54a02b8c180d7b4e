// The list of topics: General first, then the one last written in; what was last said there, and what is unread.

import { clock, dayName, dayOf, gist } from "./bubbles.js";
import { icon, initial, make, words } from "./tools.js";

// Only a real topic counts: replies elsewhere carry a message_thread_id, too.
export const topicOf = (message) => (message.is_topic_message ? message.message_thread_id : 0);

// In: the list's node, the topics, the room they are in, what choosing one does.
export function drawTopics(list, topics, room, choose) {
  const last = new Map();
  for (const message of room.messages.values()) if (said(message)) last.set(topicOf(message), message);
  const newest = (topic) => last.get(topic.message_thread_id)?.message_id || topic.message_thread_id;
  const sorted = [...topics].sort((one, other) => !one.message_thread_id ? -1 : !other.message_thread_id ? 1 : newest(other) - newest(one));
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.thread : null;
  list.replaceChildren(...sorted.map((topic) => make("li", "", row(topic, last.get(topic.message_thread_id), room, choose))));
  if (focused !== null) list.querySelector(`[data-thread="${focused}"]`)?.focus();
}

const said = (message) => message.text || message.caption || message.photo || message.document || message.voice || message.sticker || message.location;

function row(topic, message, room, choose) {
  const thread = topic.message_thread_id, unread = room.unread.get(thread);
  const name = make("span", "topic-title", make("span", "", topic.name), topic.closed ? closedMark() : null);
  const badge = unread ? make("span", "badge", String(unread), make("span", "unseen", ` ${words.unread}`)) : null;
  const top = make("span", "topic-line", name, message ? make("span", "topic-time", when(message.date)) : null);
  const bottom = message || badge ? make("span", "topic-line", make("span", "topic-last", message ? lastWords(message) : ""), badge) : null;
  const node = make("button", "topic-row", sign(topic), make("span", "topic-text", ...[top, bottom].filter(Boolean)));
  node.type = "button";
  node.dataset.thread = thread;
  if (thread === room.topic) node.setAttribute("aria-current", "true");
  node.addEventListener("click", () => choose(thread));
  return node;
}

const COLORS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f];

function sign(topic) {
  const general = !topic.message_thread_id;
  const node = make("span", `sign ${general ? "general" : `sign-${Math.max(0, COLORS.indexOf(topic.icon_color))}`}`, general ? icon("hash") : initial(topic.name));
  node.setAttribute("aria-hidden", "true");
  return node;
}

function closedMark() {
  return make("span", "closed", icon("lock"), make("span", "unseen", ` (${words.closed})`));
}

function lastWords(message) {
  const name = message.mine ? words.you : message.sender_chat?.title || message.from.first_name;
  return `${name}: ${gist(message)}`;
}

const when = (seconds) => (dayOf(seconds) === dayOf(Date.now() / 1000) ? clock.format(seconds * 1000) : dayName(seconds));
