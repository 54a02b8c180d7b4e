// What stands on a page of review that no page of ours has: elements, handlers, styles, addresses, htmx of others.
() => {
  const never = new Set(("iframe object embed base style frame frameset portal template math foreignobject animate set use " +
    "image video audio img marquee plaintext xmp keygen link script meta").split(" "));
  const schemes = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
  const bad = [];
  for (const one of document.querySelectorAll("*")) {
    const here = () => one.outerHTML.slice(0, 120);
    if (never.has(one.localName) && !isOurs(one)) bad.push(`element ${here()}`);
    for (const { name, value } of one.attributes) {
      if (isBad(one, name.toLowerCase(), value)) bad.push(`${name} ${here()}`);
    }
  }
  return bad;

  function isOurs(one) {
    const address = one.getAttribute("src") || one.getAttribute("href") || "";
    if (one.localName === "meta") return one.parentNode === document.head && !one.httpEquiv;
    return ["script", "link"].includes(one.localName) && address.startsWith("/review/static/");
  }

  function isBad(one, name, value) {
    if (/^on|^(style|srcdoc|ping)$/.test(name)) return true;
    if (/^(data-)?hx-/.test(name)) return one.id !== "count";
    const leads = /^(href|src|action|formaction|xlink:href|data|poster)$/.test(name);
    const url = leads && URL.canParse(value, location.href) ? new URL(value, location.href) : null;
    const isForm = /^(form)?action$/.test(name);
    return leads && (!url || !schemes.has(url.protocol) || (isForm && url.origin !== location.origin));
  }
}
