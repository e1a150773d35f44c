"""Two hundred names that want to be somebody else, or to write over their neighbours."""

from __future__ import annotations

VICTIM = "Paul Ace"

# Each looks like the victim, to a reader in a hurry: refused while the victim is here.
TWINS = [
    "Paul Ace", "paul ace", "PAUL ACE", "PaulAce", "Paul  Ace", " Paul Ace ", "Paul\u00a0Ace", "Paul\u3000Ace",
    "Paul\u2009Ace", "\uff30\uff41\uff55\uff4c Ace", "\u0420aul Ace", "P\u0430ul Ace", "Pau\u217c Ace", "PauI Ace",
    "Pau1 Ace", "Pau| Ace", "\u03a1aul Ace", "Paul \u0410ce", "Paul \u0391ce", "Paul A\u0441e", "Paul Ac\u0435",
    "Paul Ac\u212e", "Paul\u200d Ace", "P\u200caul Ace", "Paul\ufe0f Ace", "Paul\ufe00 Ace", "P\u180baul Ace",
    "Pa\u180cul Ace", "Paul\u180d Ace", "Paul Ace\U000e0100", "P\U000e01efaul Ace", "Paul\U000e0101 Ace",
    "Paul\u180f Ace", "\U0001d40f\U0001d41a\U0001d42e\U0001d425 Ace", "\u2119aul Ace", "\U0001d4abaul Ace",
    "\u24c5\u24d0\u24e4\u24db Ace", "\U0001d5e3aul Ace", "Paul \u13aace", "Pa\u057dl Ace", "\u13e2aul Ace",
    "Paul\u202fAce", "Paul\tAce", "Paul\nAce", "Paul\u2028Ace", "P a u l A c e", "pAUL aCE",
]  # fmt: skip

# Nobody may pass for the server or for whoever runs it.
RESERVED = [
    "System", "SYSTEM", "system", "S y s t e m", "\u0405ystem", "Sy\u0455tem", "Systern", "\uff33ystem",
    "Sys\u200dtem", "SYST\u0395M", "Server", "server", "S\u0435rver", "SERVER", "\u0405erver", "Operator", "0perator",
    "OPERATOR", "Op\u0435rator", "\u039fperator", "System\U000e0100", "Oper\u0430tor", "O p e r a t o r",
    "Ser\u200cver", "System:", "[System]", "* SYSTEM *", "\u2605Server\u2605", "@operator", "Oper.ator",
]  # fmt: skip

# Nothing to see, or signs that move what stands beside them.
UNFIT = [
    "", " ", "\t\n", "\u00a0", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c",
    "\u202d", "\u202e", "\u2060", "\u2061", "\u2062", "\u2063", "\u2064", "\u2066", "\u2067", "\u2068", "\u2069",
    "\u206a", "\ufeff", "\u00ad", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u2800", "\u3164",
    "\uffa0", "\u034f", "\ufe0f", "\u0301", "\u20dd", "\u202ekcik", "a\u202eb", "a\u202db\u202c", "a\u2066b\u2069",
    "a\u200fb", "a\u061cb", "a\u200bb", "a\u2060b", "a\ufeffb", "a\u00adb", "a\u3164b", "a\u2800b", "a\u115fb",
    "a\x00b", "a\x07b", "a\x1b[2Jb", "a\x7fb", "a\x85\x9bb", "a\u009bb", "\ud800", "a\udfffb", "\ue000", "a\uf8ffb",
    "\U000f0000", "\ufdd0", "\uffff", "a\ufffeb", "\U000e0001", "a\U000e0041b", "\ufff9a\ufffab\ufffb",
    "Z" + "\u0301" * 5, "Z" + "\u0489" * 9, "a\u0300\u0301\u0302\u0303\u0304", "\u0e01" + "\u0e49" * 20, "x" * 33,
    "x" * 5000, "\U0001f98a" * 40, "\ufdfa" * 3, "\u0378", "\u2028", "\u2029", "\U0001d173a", "\U000e0100", "\u180b",
    "\u200d\u200d", "\ufffc", "a\ufffcb", "\U0001d159", "a\U0001d159b", "\U00013441",
]  # fmt: skip

# Odd but honest: let in, and kept to their own line.
FIT = [
    "Ann", "\u00c5sa", "\u5b89\u5a1c", "\u092e\u0940\u0930\u093e", "\u05d3\u05d5\u05d3", "\u0645\u062d\u0645\u062f",
    "\u05d3\u05d5\u05d3 (2)", "abc \u05d0\u05d1\u05d2 123", "\u0645\u062d\u0645\u062f 123 abc",
    "\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u0422\u0430\u043d\u044f", "Zo\u00eb", "O'Brien", "<b>", "a&b", "100%",
    "{{7*7}}", "${x}", "\U0001f98a", "\U0001f469\u200d\U0001f680", "\U0001f1eb\U0001f1f7", "\u2603", "W" * 32,
    "\ufdfd" * 8, "\U0001242b" * 8, "\ua9c4" * 4 + "a", "a\u0300\u0301\u0302\u0303", "\u0f40\u0f90\u0f90\u0f90\u0f90",
    "|", "_", "...", "\u2588" * 32, "\U0001f590" * 8, "\u0bcc" + "a", "-", "\u1050a", "\u0631\u062a\u064e\u0651",
    "x y", "(\u05d0", "\u05d0)", "\u05d0:", ": joined", "Ann joined", "1 person", "me", "\u00b7", "\u2026", "@all",
    "/me", "#tea",
]  # fmt: skip

ALL = [*TWINS, *RESERVED, *UNFIT, *FIT]
