// The server knows this browser as somebody else than this page was made for: its cookie was replaced in another tab, or is
// void. The page made anew is right; if that one is not either, none will be. The mark stands in the tab's own history, which
// a reload keeps and no setting of the browser refuses.
export function reloadOnce() {
  if (history.state?.mistaken) return
  history.replaceState({ mistaken: true }, '')
  location.reload()
}

export function understood() {
  if (history.state?.mistaken) history.replaceState(null, '')
}
