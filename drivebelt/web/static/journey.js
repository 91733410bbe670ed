// A card opens beside the figure without asking for the whole page; without scripts the link does the same.
"use strict";

async function open(link) {
  const answer = await fetch(link.href.baseVal ?? link.href);
  if (!answer.ok) { location.href = answer.url; return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = page.querySelector("#card");
  const old = document.querySelector("#card");
  if (old) old.replaceWith(card);
  else document.querySelector("main").append(card);
  document.querySelectorAll(".lanes .chosen").forEach((a) => a.classList.remove("chosen"));
  link.classList.add("chosen");
  history.replaceState(null, "", answer.url);
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
}

function close() {
  const card = document.querySelector("#card");
  if (!card) return;
  card.remove();
  const here = new URL(location.href);
  here.searchParams.delete("act");
  history.replaceState(null, "", here);
  const chosen = document.querySelector(".lanes .chosen");
  chosen?.classList.remove("chosen");
  chosen?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest(".lanes a[data-act]");
  if (link) { event.preventDefault(); open(link); }
  else if (event.target.closest("#card .close")) { event.preventDefault(); close(); }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
