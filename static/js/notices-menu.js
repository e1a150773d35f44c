import { askPermission, permission } from './desktop-notice.js'
import { chooseNotices, noticeChoice } from './notice-choices.js'
import { tone } from './tone.js'
import { phrase } from './words.js'

const WHY_NOT = {
  insecure: 'notices.insecure',
  missing: 'notices.missing',
  denied: 'notices.denied',
}

// The menu of the bell: of what in the shown room to be told, and how. The browser is asked for nothing before that is clicked.
//
// room()   the slug of the shown one; chosen() when something was
export function noticesMenu({ menu, desktop, why }, { room, chosen }) {
  function look() {
    const choice = noticeChoice(room())
    const can = permission()
    desktop.disabled = can in WHY_NOT
    why.textContent = desktop.disabled ? phrase(WHY_NOT[can]) : ''
    menu.elements.desktop.value = can === 'granted' ? choice.desktop : 'none'
    menu.elements.sound.value = choice.sound
  }

  async function choose({ target: { name, value } }) {
    const slug = room()
    if (name === 'desktop' && permission() === 'default') await askPermission()
    const isKept = chooseNotices(slug, { ...noticeChoice(slug), [name]: value })
    look()
    if (!isKept) why.textContent = phrase('notices.not_kept')
    // So it will sound.
    if (name === 'sound' && value !== 'none') tone()
    chosen()
  }

  menu.addEventListener('change', choose)

  return { look }
}
