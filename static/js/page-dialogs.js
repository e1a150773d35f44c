import { leaveDialog } from './leave-dialog.js'
import { nameDialog } from './name-dialog.js'
import { shareDialog } from './share-dialog.js'
import { shortcuts } from './shortcuts.js'

// The dialogs that all rooms of the page share, made of its parts.
//
// rename(room, name), leave(room)   what the one for my name does; write() goes to the box
export function pageDialogs(on, { rename, leave, write }) {
  return {
    help: shortcuts({ dialog: on.helpDialog }, { write }).help,

    leaving: leaveDialog({ dialog: on.leaveDialog, text: on.leaveText, yes: on.leaveYes }),

    naming: nameDialog(
      {
        dialog: on.nameDialog,
        form: on.nameForm,
        title: on.nameTitle,
        field: on.newName,
        place: on.nameRefusal,
        others: on.nameOthers,
        free: on.nameFree,
        template: document.getElementById('free-name'),
        cancel: on.nameCancel,
        save: on.nameSave,
      },
      { rename, away: leave },
    ),

    share: shareDialog({
      dialog: on.shareDialog,
      note: on.shareNote,
      field: on.shareLink,
      onlyHere: on.shareOnlyHere,
      code: on.shareCode,
      picture: on.sharePicture,
      send: on.shareSend,
    }),
  }
}
