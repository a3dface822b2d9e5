"""The tags of HTML, and Unicode's superscript and subscript characters."""

_NAMES = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink "
    "blockquote body br button canvas caption center cite code col colgroup data datalist dd del "
    "details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame "
    "frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend "
    "li link main map mark marquee math menu meta meter nav nobr noframes noscript object ol "
    "optgroup option output p param picture pre progress q rp rt ruby s samp script search section "
    "select slot small source span strike strong style sub summary sup svg table tbody td template "
    "textarea tfoot th thead time title tr track tt u ul var video wbr"
)
KNOWN = frozenset(_NAMES.split())
# Underlined and marked words stay emphasised; struck words keep their tildes.
MARKS = {
    **dict.fromkeys(("b", "strong", "mark"), "**"),
    **dict.fromkeys(("i", "em", "u", "ins", "var", "cite", "dfn"), "*"),
    **dict.fromkeys(("del", "s", "strike"), "~~"),
}
_RAISED = dict(
    zip(
        "0123456789+-\u2212=()abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
)
_SUNK = dict(
    zip("0123456789+-\u2212=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)


def raised(text: str) -> str:
    """Superscript: Unicode characters if they all exist, else the text after a caret."""
    return _moved(text, _RAISED, "^")


def sunk(text: str, sign: str = "_") -> str:
    """Subscript in the same way; `sign` precedes a text that Unicode lacks."""
    return _moved(text, _SUNK, sign)


def _moved(text: str, known: dict[str, str], sign: str) -> str:
    words = text.strip()
    if all(letter in known for letter in words):
        return "".join(known[letter] for letter in words)
    return f"{sign}{words}" if len(words) == 1 else f"{sign}({words})"
