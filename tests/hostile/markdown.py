"""Markdown that wants to run, to lead astray or to keep the reader busy."""

from __future__ import annotations

# No link may come of these.
RUNS = [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)", "[x](&#106;avascript:alert(1))", "[x](javascript&colon;alert(1))",
    "[x](%6Aavascript:alert(1))", "[x](\x01javascript:alert(1))", "[x]( javascript:alert(1))", "[x](vbscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)", "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)", "[x](blob:null/1)", "[x](intent://x#Intent;end)",
    "[x](ftp://x/y)", "[x](tel:1)", "[x](//evil.example)", "[x](/leave)", "[x](#top)", "[x](?a=b)", "[x]()", "[x](<>)",
    "[x](http://)", "[x](https://[)", "[x](\\javascript:alert(1))", "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)", "![x](x onerror=alert(1))", "<javascript:alert(1)>",
    "<data:text/html,x>", "<vbscript:x>", "[x]: javascript:alert(1)\n\n[x]", "[x][y]\n\n[y]: javascript:alert(1)",
    "[[[[x](javascript:alert(1))](javascript:alert(2))](javascript:alert(3))", "**[x](javascript:alert(1))**",
    "> [x](javascript:alert(1))", "- [x](javascript:alert(1))", "javascript:alert(1)", "javascript://%0aalert(1)",
    "[![x](javascript:alert(1))](javascript:alert(2))", "# <img src=x onerror=alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |", "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`", "**<svg onload=alert(1)>**", "> <iframe src=javascript:alert(1)>",
    "1. <body onload=alert(1)>",
]  # fmt: skip

# A link may come of these, and nothing may run when it is there.
LINKS = [
    '[x](https://safe.example "onmouseover=alert(1)")', '[x](https://safe.example/"onclick="alert(1))',
    "[<img src=x onerror=alert(1)>](https://safe.example)", "[x](https://safe.example/<script>alert(1)</script>)",
    "<https://safe.example/><script>alert(1)</script>", "https://safe.example/'onmouseover='alert(1)",
    "https://safe.example/?<svg/onload=alert(1)>", "![<b onclick=alert(1)>](https://safe.example/x.png)",
    "[![x](https://safe.example/x.png)](https://safe.example)", "www.safe.example/\"onerror=alert(1)",
    "mailto:a@safe.example?body=<script>", "[x](mailto:a@safe.example)", "http://javascript:alert(1)@safe.example/",
    "[a [b](https://safe.example) c](javascript:alert(1))",
]  # fmt: skip

# Label, address: they do not lead where they say.
ASTRAY = [
    ("https://bank.example", "https://evil.example"), ("bank.example", "https://evil.example/bank.example"),
    ("www.bank.example", "https://bank.example.evil.example"), ("BANK.EXAMPLE", "https://bankexample.evil.example"),
    ("bank\u3002example", "https://evil.example"), ("ba\u200bnk.example", "https://evil.example"),
    ("elpmaxe.knab\u202e", "https://evil.example"), ("\uff42ank.example", "https://evil.example"),
    ("ann@bank.example", "mailto:eve@evil.example"), ("https://bank.example", "mailto:eve@evil.example"),
    ("https://bank.example@evil.example", "https://bank.example@evil.example"),
    ("b" * 201 + " bank.example", "https://evil.example"), ("https://10.0.0.1", "https://10.0.0.2"),
    ("**bank**.example", "https://evil.example"),
]  # fmt: skip

# Repeated until the message is full.
SLOW = [
    "[", "]", "![", "(", "[](", "](", "[a](", "[a](<b", "[a](((", '[a](b "', "[a]: ", "![[]()", "[[a]", "[\\]", "[ `",
    "[*", "*[", "*", "_", "**", "***a", "*a_ ", "*a **b ", "_a __b ", "a*_", "a**b", "[_a*", "~", "~~", "a~~", "`",
    "`a``b```c ", "*`", "\\", "<", "<a", "<http:a", "<a@", "<https://a", "a@", "http://", "http://[",
    "https://a.example/", "www.", "www.a.b ", "mailto:", "http:", "https://a((", "https://a))", "https://a...", "> ",
    ">", "> a\n", "a\n> ", ">\n", "- ", "- - ", "- a\n", "  - a\n", "- x\n\n", "* ", "+ a\n", "1. ", "1)\n", "9. a\n",
    "```\n", "~~~\n", "``` ", "\n", "a\n", "a \n", " \n", "\t", "    ", "&", "&amp;", "\u202e", "e\u0301",
    "\U0001f469\u200d", "\U0001f642 ", "a.", "a-", "a_b", "[a.b](http://c.d) ", "\u200b", "{", "|",
]  # fmt: skip

# Shapes that a repeated piece does not make.
SLOW_SHAPES = [
    " ".join("`" * length + "a" for length in range(1, 100)),
    "\n".join("  " * depth + "- a" for depth in range(68)),
    "> " * 30 + "a\n" * 2400,
    "- " * 30 + "a\n" * 2400,
    ">" * 100 + ("\n" + ">" * 99) * 48,
    "*a " * 1600 + "b* " * 60,
    "[" * 2400 + "](http://a)" * 236,
    "**" * 1200 + "a" + "**" * 1200,
    "a" * 4990 + "@" + "b" * 9,
    "https://" + "a." * 2490,
    "1" * 5000,
]
