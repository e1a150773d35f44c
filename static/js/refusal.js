// What a box says of what was typed into it: (text) → said in `place`, and the box is marked; an empty text takes both back.
export const refusal = (field, place) => (text) => {
  place.textContent = text
  field.classList.toggle('is-invalid', Boolean(text))
  field.setAttribute('aria-invalid', String(Boolean(text)))
}
