// Filter, copy, and open what an address points to; without this script every scenario is shown, folded.
// The page of an alarm has no filter.
const form = document.querySelector("form.filter");
const scenarios = [...document.querySelectorAll("details.scenario")];
const groups = [...document.querySelectorAll("section.group")];
function filter() {
  const chosen = new FormData(form);
  const alarm = chosen.get("alarm"), outcome = chosen.get("outcome"), failed = chosen.has("failed");
  for (const each of scenarios) {
    each.hidden = (alarm && each.dataset.alarm !== alarm)
      || (outcome && !each.dataset.outcomes.split(" ").includes(outcome))
      || (failed && !each.classList.contains("failed"));
  }
  for (const group of groups) group.hidden = !group.querySelector("details.scenario:not([hidden])");
  form.querySelector("output").value = `${scenarios.filter(each => !each.hidden).length} / ${scenarios.length}`;
}
if (form) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  filter();
}
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) { form.reset(); filter(); }
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
for (const button of document.querySelectorAll(".replay button")) {
  const code = button.parentElement.querySelector("code");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    const words = button.textContent;
    button.textContent = "✓ " + words;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
