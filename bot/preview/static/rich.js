// Texts with entities. They become text nodes, never HTML; formatting comes from Telegram's entities.

import { icon, make, words } from "./tools.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

// In: a text, its entities, what a tap on a command does.
export function rich(source, entities, say) {
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
      out.append(formatted(entity, source.slice(start, end), build(start, end, nested), say));
      at = end;
    }
    out.append(source.slice(at, to));
    return out;
  };
  return build(0, source.length, [...(entities || [])]);
}

function formatted(entity, plain, content, say) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url || plain, content);
  if (entity.type === "bot_command") return commandLink(plain, say);
  if (entity.type === "spoiler") return spoiler(content);
  if (entity.type === "expandable_blockquote") return expandable(content);
  return make(TAGS[entity.type] || "span", "", content);
}

export function link(url, content) {
  const node = make("a", "link", content);
  if (/^(https?|tg|mailto|tel):/i.test(url)) node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function commandLink(command, say) {
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
