// The terminal takes keys as soon as it is there, without a click.
new MutationObserver((_, observer) => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (!keys) return;
  observer.disconnect();
  keys.focus();
  window.addEventListener("focus", () => keys.focus());
}).observe(document.documentElement, { childList: true, subtree: true });
