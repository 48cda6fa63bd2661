// For pages of others: turns links marked with data-tekojen-tori into boxes. Without it the links stay links.
for (const link of document.querySelectorAll("a[data-tekojen-tori]")) {
  const frame = document.createElement("iframe");
  frame.src = link.href;
  frame.title = link.textContent;
  frame.width = "100%";
  frame.height = link.dataset.height || "420";
  frame.loading = "lazy";
  link.replaceWith(frame);
}
