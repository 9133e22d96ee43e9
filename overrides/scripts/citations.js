// Citations: Escape closes the card; the reference's link back to where one came from is marked.
addEventListener("keydown", event => {
  if (event.key === "Escape") for (const cite of all(".cite:hover, .cite:focus-within")) cite.classList.add("dismissed");
});
for (const cite of all(".cite")) {
  for (const leave of ["mouseleave", "focusout"]) cite.addEventListener(leave, () => cite.classList.remove("dismissed"));
  const link = cite.querySelector("a");
  link.addEventListener("click", () => { for (const back of all(".backlinks a")) back.ariaCurrent = back.hash === "#" + link.id; });
}
