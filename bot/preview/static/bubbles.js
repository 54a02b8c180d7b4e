// How a message looks, in every chat of the page.

import { link, rich } from "./rich.js";
import { icon, locale, make, words } from "./tools.js";

const KINDS = ["photo", "document", "voice", "video", "location", "contact", "poll", "dice"];
const DRAWN = ["photo", "document", "voice", "location"];

export const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const days = Math.round((new Date(day.toDateString()) - new Date(new Date().toDateString())) / 86400000);
  const name = days > -2
    ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")
    : new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }).format(day);
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

// The words of a message in one line: for a quote, a strip, a list.
export function gist(message) {
  const said = message.text || message.caption || message.sticker?.emoji;
  return said ? [...said.slice(0, 240)].slice(0, 120).join("") : words[KINDS.find((kind) => message[kind])] || words.attachment;
}

// In: a message; who is quoted ("" for nobody), what a tap on a command does; what stands above the words.
export function bubble(message, say, quotedName, ...above) {
  const source = message.text ?? message.caption ?? "";
  const node = make("div", "bubble", ...above, forwardedFrom(message), quoted(message, quotedName), drawAttachment(message));
  const said = make("div", "text", rich(source, message.entities || message.caption_entities, say), meta(message));
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

// A plain message in a topic only seems to reply: to the message that created the topic.
function quoted(message, name) {
  const original = message.reply_to_message;
  if (!original || original.forum_topic_created) return null;
  return make("p", "quoted", name ? make("b", "", name) : null, make("span", "", gist(original)));
}

function drawAttachment(message) {
  if (message.sticker) return make("p", "sticker", message.sticker.emoji || "");
  const kind = KINDS.find((name) => message[name]);
  if (!kind) return null;
  const label = message.document?.file_name || words[kind] || words.attachment;
  const sent = message.document?.file_id.startsWith("upload-");
  return make("p", `attachment ${kind}`, icon(DRAWN.includes(kind) ? kind : "attachment"), sent ? download(message, label) : make("span", "", label));
}

// A file that the bot sent: the server has it. Another person's page asks for it as that person.
function download(message, label) {
  const query = new URLSearchParams({ person: document.body.dataset.person, chat: message.chat.id, message: message.message_id });
  const node = make("a", "", label);
  node.href = `chat/file?${query}`;
  node.download = label;
  return node;
}

// In: a message; what a tap on a button with data does (node, messageId, data); the toast of its chat.
export function keyboard(message, press, toast) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const node = make("div", "keyboard", ...rows.map((row) => make("div", "keys", ...row.map((button) => key(message.message_id, button, press, toast)))));
  node.lang = message.lang;
  return node;
}

function key(messageId, button, press, toast) {
  if (button.url) {
    const node = link(button.url, make("span", "", button.text));
    node.className = "key";
    node.append(icon("link"));
    return node;
  }
  const node = make("button", "key", make("span", "", button.text));
  node.type = "button";
  if (button.style) node.classList.add(button.style);
  node.addEventListener("click", () => pushed(node, messageId, button, press, toast));
  return node;
}

// Two taps are two queries, as in Telegram: nothing here stops the second one.
async function pushed(node, messageId, button, press, toast) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    return toast(words.copied);
  }
  if (button.callback_data === undefined) return;
  node.classList.add("waiting");
  press(node, messageId, button.callback_data);
}
