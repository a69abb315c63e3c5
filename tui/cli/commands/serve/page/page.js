// The token was for the first visit; from here on the cookie tells. So it stays out of the history and of screenshots.
const address = new URL(window.location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  window.history.replaceState(null, "", address);
}
// The terminal takes keys as soon as it is there, without a click.
new MutationObserver((_, observer) => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (!keys) return;
  observer.disconnect();
  keys.focus();
  window.addEventListener("focus", () => keys.focus());
}).observe(document.documentElement, { childList: true, subtree: true });
