// Light, dark, or as the system has it. Kept in a cookie, so that the server makes the next page right from its first byte.
const YEAR_S = 31_536_000
const THEMES = ['light', 'dark']
const picker = document.querySelector('[data-part="theme"]')

const kept = () => THEMES.find((theme) => document.cookie.split('; ').includes(`theme=${theme}`)) ?? 'system'

function keep(theme) {
  const age = THEMES.includes(theme) ? YEAR_S : 0
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`
}

function show(theme) {
  const root = document.documentElement
  if (THEMES.includes(theme)) root.dataset.theme = theme
  else delete root.dataset.theme
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const own = meta.dataset.theme
    if (root.dataset.theme) meta.media = theme === own ? 'all' : 'none'
    else meta.media = `(prefers-color-scheme: ${own})`
  }
  picker.querySelector(`[value="${theme}"]`).checked = true
}

picker.hidden = false
picker.addEventListener('change', ({ target }) => {
  keep(target.value)
  show(target.value)
})
// Another tab may have chosen meanwhile.
document.addEventListener('visibilitychange', () => show(kept()))
