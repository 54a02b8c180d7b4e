// What "/" completes to, and the menu of commands: one list above a text field.

import { make } from "./tools.js";

export class Commands {
  // In: the list, the text field, the button that opens all (or null); what there is now; what taking one does, and
  // what a change of the text does.
  constructor({ list, text, menu, known, take, changed }) {
    Object.assign(this, { list, text, menu, known, take, changed, chosen: -1 });
    list.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".dock")) this.close();
    });
    menu?.addEventListener("click", () => {
      if (!list.hidden) return this.close();
      this.open(known(), 0);
      list.focus();
    });
  }

  suggest() {
    const typed = /^\/(\w*)$/.exec(this.text.value);
    const fitting = typed ? this.known().filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
    if (fitting.length) this.open(fitting, 0);
    else this.close();
  }

  open(commands, first) {
    this.list.replaceChildren(...commands.map((command, index) => this.row(command, index)));
    this.list.hidden = false;
    this.menu?.setAttribute("aria-expanded", "true");
    this.choose(first);
  }

  row({ command, description }, index) {
    const row = make("div", "command", make("b", "", `/${command}`), make("span", "", description));
    row.id = `${this.list.id}-${index}`;
    row.setAttribute("role", "option");
    row.dataset.command = `/${command}`;
    row.addEventListener("click", () => this.took(row));
    row.addEventListener("pointermove", () => this.choose(index));
    return row;
  }

  choose(index) {
    const rows = [...this.list.children];
    this.chosen = (index + rows.length) % rows.length;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.chosen)));
    rows[this.chosen].scrollIntoView({ block: "nearest" });
    for (const owner of [this.text, this.list]) owner.setAttribute("aria-activedescendant", rows[this.chosen].id);
  }

  took(row) {
    this.close();
    this.text.value = "";
    this.changed();
    this.take(row.dataset.command);
  }

  close() {
    this.list.hidden = true;
    this.menu?.setAttribute("aria-expanded", "false");
    for (const owner of [this.text, this.list]) owner.removeAttribute("aria-activedescendant");
  }

  complete(row) {
    this.text.value = `${row.dataset.command} `;
    this.close();
    this.changed();
    this.text.focus();
  }

  // Whether the key was for the list.
  key(event) {
    if (this.list.hidden) return false;
    const row = this.list.children[this.chosen];
    const does = {
      ArrowDown: () => this.choose(this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen - 1),
      Home: () => this.choose(0),
      End: () => this.choose(-1),
      Enter: () => this.took(row),
      Tab: () => this.complete(row),
      Escape: () => {
        this.close();
        this.text.focus();
      },
    }[event.key];
    if (!does || event.shiftKey) return false;
    event.preventDefault();
    event.stopPropagation();
    does();
    return true;
  }
}
