// The name is asked on the way to a room. The number of a linked message goes along: a browser takes it from the form's address
// over the redirect.
for (const form of document.forms) form.action += location.hash
