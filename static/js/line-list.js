// The lines of the room as nodes: one that stays keeps its node and its place, so that nothing is announced or selected twice.
//
// makers   kind → (line) → {node, show(line)}; `show` is called again when the line's stamp changed
export function lineList(list, makers) {
  let shown = new Map()

  function made(line) {
    const known = shown.get(line.key)
    const view = known ?? makers[line.kind](line)
    if (!known || known.stamp !== line.stamp) view.show(line)
    return { node: view.node, show: view.show, stamp: line.stamp }
  }

  return {
    show(lines) {
      const next = new Map(lines.map((line) => [line.key, made(line)]))
      for (const [key, { node }] of shown) {
        if (!next.has(key)) node.remove()
      }
      let at = list.firstElementChild
      for (const { node } of next.values()) {
        if (node === at) at = at.nextElementSibling
        else list.insertBefore(node, at)
      }
      shown = next
    },

    node: (key) => shown.get(key)?.node,
  }
}
