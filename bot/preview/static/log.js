// The messages of one chat on the screen, in order, and where the reader is among them.

import { dayName, dayOf } from "./bubbles.js";
import { calm, make, words } from "./tools.js";

export class Log {
  // In: the part that scrolls, the list in it, the button that leads down, how a message is drawn.
  constructor(scroller, list, newest, draw) {
    Object.assign(this, { scroller, list, newest, draw, messages: new Map(), unread: 0, lastTop: 0 });
    this.following = true;
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.following && this.toBottom(false)).observe(scroller);
    newest.addEventListener("click", () => {
      this.toBottom(true);
      scroller.focus({ preventScroll: true });
    });
  }

  get atBottom() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 90;
  }

  // A message taller than the screen is shown from its first line.
  toBottom(smooth) {
    this.following = true;
    const { scroller } = this, last = this.list.lastElementChild;
    const tall = last && last.offsetHeight > scroller.clientHeight;
    const first = tall ? last.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop - 8 : Infinity;
    scroller.scrollTo({ top: Math.min(first, scroller.scrollHeight), behavior: smooth && !calm.matches ? "smooth" : "instant" });
  }

  node(messageId) {
    return this.list.querySelector(`[data-id="${messageId}"]`);
  }

  put(message) {
    const old = this.node(message.message_id);
    const known = this.messages.get(message.message_id);
    this.messages.set(message.message_id, message);
    if (old && JSON.stringify(known) === JSON.stringify(message)) return;
    if (old) return replace(old, this.draw(message, old.previousElementSibling));
    const day = dayOf(message.date);
    if (this.list.dataset.day !== day) this.list.append(make("p", "day", make("span", "", dayName(message.date))));
    this.list.dataset.day = day;
    this.list.append(this.draw(message, this.list.lastElementChild));
  }

  remove(messageId) {
    this.messages.delete(messageId);
    this.node(messageId)?.remove();
    if (!this.messages.size) this.clear();
  }

  clear() {
    this.messages.clear();
    this.list.replaceChildren();
    delete this.list.dataset.day;
  }

  // Exactly these messages, and no more.
  hold(messages, fresh) {
    this.list.setAttribute("aria-busy", String(fresh));
    const ids = new Set(messages.map((message) => message.message_id));
    [...this.messages.keys()].filter((id) => !ids.has(id)).forEach((id) => this.remove(id));
    messages.forEach((message) => this.put(message));
    this.list.setAttribute("aria-busy", "false");
  }

  // Someone who has scrolled up reads on in peace; everyone else follows the newest message.
  arrived(message) {
    this.put(message);
    if (message.mine || this.following) return this.toBottom(true);
    this.unread += 1;
    this.showUnread();
  }

  scrolled() {
    this.following = this.atBottom || (this.following && this.scroller.scrollTop >= this.lastTop);
    this.lastTop = this.scroller.scrollTop;
    if (this.following) this.unread = 0;
    this.showUnread();
  }

  showUnread() {
    const badge = this.newest.querySelector(".badge");
    badge.textContent = this.unread || "";
    badge.hidden = !this.unread;
    this.newest.hidden = this.following;
    this.newest.setAttribute("aria-label", this.unread ? `${words.newest} (${this.unread} ${words.unread})` : words.newest);
  }
}

// An edited question loses its buttons: focus stays with the message, so that Tab leads to the next question.
function replace(old, fresh) {
  const focused = old.contains(document.activeElement);
  const index = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (focused) (fresh.querySelectorAll(".key")[index] || fresh).focus({ preventScroll: true });
}
