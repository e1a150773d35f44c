"""The operator's side: asking a running server, and the prompt to do it from."""
