// The map: its day as a slider that answers at once, and as a film. Without scripts the form sends the day.
"use strict";
(() => {
  const map = document.getElementById("map");
  if (!map) return;
  const range = map.querySelector("input[name=day]"), shown = map.querySelector("output"), on = map.querySelector(".on");
  const play = map.querySelector(".play"), send = map.querySelector(".send"), line = map.querySelector("g.day");
  const seats = [...map.querySelectorAll("use[data-lag]")].map((seat) => [seat, Number(seat.dataset.lag)]);
  const issued = new Date(`${map.dataset.issued}T00:00:00Z`);
  let film = null, waiting = null;

  function show(day) {
    range.value = day;
    shown.textContent = day;
    for (const [seat, lag] of seats) if (lag > day) seat.setAttribute("fill", "none"); else seat.removeAttribute("fill");
    line.setAttribute("transform", `translate(${Number(line.dataset.x0) + (line.dataset.w * day) / line.dataset.until} 0)`);
    const then = new Date(issued.getTime() + day * 864e5);
    on.textContent = then.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    clearTimeout(waiting);
    waiting = setTimeout(() => settle(day), 250);
  }

  // Once the day rests, the address holds it and the words below are those of the server.
  async function settle(day) {
    if (film) return;
    const address = new URL(location.href);
    address.searchParams.set("day", day);
    history.replaceState(null, "", address);
    address.pathname += ".json";
    const twin = await (await fetch(address)).json();
    if (twin.day !== Number(range.value)) return;
    map.querySelectorAll(".reached").forEach((part, i) => {
      part.textContent = `${Math.round(100 * twin.shares[i].share)} per cent of ${twin.shares[i].level}`;
    });
  }

  function stop() {
    clearInterval(film);
    film = null;
    play.textContent = "▶ Play";
    settle(Number(range.value));
  }

  function toggle() {
    if (film) return stop();
    if (Number(range.value) >= Number(range.max)) show(0);
    play.textContent = "⏸ Pause";
    film = setInterval(() => {
      const next = Number(range.value) + 1;
      show(next);
      if (next >= Number(range.max)) stop();
    }, 160);
  }

  play.hidden = false;
  send.hidden = true;
  play.addEventListener("click", toggle);
  range.addEventListener("input", () => { if (film) stop(); show(Number(range.value)); });
  map.querySelectorAll("a[rel=prev], a[rel=next]").forEach((a) => a.addEventListener("click", (event) => {
    event.preventDefault();
    const way = a.rel === "next" ? 1 : -1;
    show(Math.min(Math.max(Number(range.value) + way, 0), Number(range.max)));
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "." && !event.target.closest("input[type=search]")) toggle();
  });
})();
