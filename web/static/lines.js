// Lights the lines that the address names: #L12-15 beside the one line that CSS can light alone.
function light() {
  for (const line of document.querySelectorAll(".line.shown")) line.classList.remove("shown");
  const [, first, last] = location.hash.match(/^#L(\d+)(?:-(\d+))?$/) ?? [];
  for (let n = Number(first); n <= Number(last ?? first); n += 1) document.getElementById(`L${n}`)?.classList.add("shown");
}
addEventListener("hashchange", light);
light();
