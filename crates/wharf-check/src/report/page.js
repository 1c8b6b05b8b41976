"use strict";
const form = document.getElementById("filter");
const cases = [...document.querySelectorAll(".case")];
const groups = [...document.querySelectorAll(".group, .head")];
const texts = cases.map((one) => one.textContent.toLowerCase());

function apply() {
  const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  cases.forEach((one, index) => {
    const wanted = (!form.bad.checked || one.dataset.bad === "1")
      && words.every((word) => texts[index].includes(word));
    one.hidden = !wanted;
    shown += wanted;
  });
  groups.forEach((group) => {
    const inside = group.classList.contains("head")
      ? cases.filter((one) => one.dataset.group === group.dataset.group)
      : [...group.querySelectorAll(".case")];
    group.hidden = inside.every((one) => one.hidden);
  });
  document.getElementById("shown").textContent = `${shown} of ${cases.length}`;
}

function open() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one instanceof HTMLDetailsElement) one.open = true;
}

form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
apply();
open();
