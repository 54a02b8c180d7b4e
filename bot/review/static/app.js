// Inside Telegram the address holds Telegram's proof of who looks, after the #, where no server and no log sees it.
"use strict";

const proof = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
if (proof) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("proof").value = proof;
  document.getElementById("proof-says").textContent = "One moment …";
  document.getElementById("proof-form").submit();
}
