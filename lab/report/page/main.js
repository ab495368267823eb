// Selects the page for the address: #problem=NAME&by=MECHANISM, or filters, or nothing.

let lastFilters = readFilters(new URLSearchParams());
let matrixScroll = null;  // while the matrix is shown null, then where it was scrolled to

function route() {
  const main = document.getElementById("main");
  const parameters = new URLSearchParams(location.hash.slice(1));
  const name = parameters.get("problem");
  const problem = name !== null && problems.find((one) => one.name === name);
  if (problem) {
    document.title = `${problem.name} – raspc lab suite`;
    matrixScroll ??= window.scrollY;
    showProblem(main, problem, parameters.get("by"), lastFilters);
    window.scrollTo(0, 0);
    return;
  }
  document.title = "raspc lab suite";
  lastFilters = readFilters(parameters);
  showMatrix(main, lastFilters);
  window.scrollTo(0, matrixScroll ?? window.scrollY);
  matrixScroll = null;
  if (name !== null)
    main.prepend(
        h("p", {class: "note warn"}, "There is no problem ", h("code", {}, name),
          " in this report."));
}

// A link within the page would change the address.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
window.addEventListener("hashchange", () => {
  route();
  document.getElementById("main").focus({preventScroll: true});
});
route();
