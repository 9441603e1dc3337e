"""What a page says around its article: credits, captions' labels, follow-us lines, footers. Such lines never answer.

Every pattern needs more than a word that an article could open a sentence with: "Credit: PA Images" is a label and
a name; "Credit unions are growing." is not. The tests hold both sides.
"""

import re

_NAME = r"[A-Z0-9@][\w.'’&@-]*"
_NAMES = rf"{_NAME}(?:(?:\s*/\s*|\s+|,\s+|\s+[-–|]\s+)(?:via\s+|and\s+|of\s+|for\s+|the\s+)?{_NAME}){{0,7}}"

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WHEN = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\.?\s+\d|[a-z]{{3,6}}day\b|\d{{4}}-\d|\d{{1,2}}[:./]\d|\d+\s+\w+\s+ago)"
    r".{0,50}(?<![.!?])"
)

_LABEL = re.compile(
    rf"""
    (?:image|photo|picture|photograph|video|media)\s+caption[,:]?
    | .{{0,80}}?(?:image|photo|picture|video|media|file)\ (?:source|credit|copyright)\b[,:]?\s.{{1,80}}(?<![.!?])
    | (?:(?:photo|picture|image|video|photograph)\s+)?credits?\s*:\s*+
        (?!(?:what|who|when|where|why|how|is|are|can|will|do|does)\b).{{1,80}}(?<![.!?])
    | (?:photo|picture|image|photograph|pic|photography|illustration)s?\s*(?::|by\b)\s*(?-i:{_NAMES})
    | (?:getty|pa|reuters|afp|ap|alamy|shutterstock|epa)(?:\s+(?:images|media|photo))?
    | (?:(?:story|article|page)\s+)?(?:(?:first|last|originally)\s+)?
        (?:published|updated|posted|modified|amended|reviewed)(?:\s*(?:on\b|at\b|[:,–-])?\s*{_WHEN})?
    | \d{{1,3}}\s+(?:minute|hour|day|week|month|year)s?\s+ago
    | \d{{1,2}}[\ -]min(?:ute)?s?\ read
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SOCIAL = r"(?:facebook|twitter|instagram|x|youtube|tiktok|linkedin|whatsapp|threads|bluesky|pinterest|snapchat|reddit)"
_OPENING = re.compile(
    rf"""
    (?:follow\s+\S.{{0,60}}|(?:like|find|join|visit)\s+us)\s+on\s+(?:our\s+)?{_SOCIAL}\b.*
    | follow\s+us\b.{{0,80}}
    | (?:share|tweet)\s+(?:this|on|via|with)\b.{{0,60}}(?<![.!?])
    | send\s+(?:us\s+)?your\s+(?:story|stories|news|tips|pictures|photos|comments|views).*
    | (?:got|have\s+you\s+got|do\s+you\s+have)\s+a\s+(?:story|news\s+tip|tip)\b.*
    | (?:for\s+)?more\s+(?:(?:news|stories|articles)\s+)?(?:from|on|like\s+this)\b.{{0,60}}(?<![.!?,])
    | (?:read|see|find\s+out|learn|watch|listen)\s+(?:more|also|next|here|now)(?:\s*[:>»–-].{{0,150}})?
    | (?:related|recommended|trending|most\s+read|popular|latest)
        (?:\s+(?:articles?|stories|topics?|links?|content|internet\ links|news|posts?|reading))?\s*:?
    | (?:you\s+(?:may|might)\s+also\s+(?:like|be\s+interested\s+in)|(?:don['’]t\s+miss|also\s+read)\s*:).{{0,100}}
    | (?:sign\s+up|subscribe)\s+(?:(?:here|now|today|free)\b|(?:to|for)\s+(?:our|the|your|free|daily|a)\b).*
    | comments?\s+(?:are\s+|have\s+been\s+)?(?:closed|disabled|off|turned\s+off|\(\d+\))\.?
    | (?:leave|post|add|write)\s+a\s+(?:comment|reply)\b.{{0,60}}
    | (?:view|show|read|hide)\s+(?:all\s+)?(?:\d+\s+)?comments
    | \d+\s+(?:comments?|shares?|likes?)
    | (?:we|this\s+(?:web)?site|our\s+(?:web)?site|this\s+page)\s+(?:and\s+our\s+partners\s+)?uses?\s+cookies\b.*
    | (?:accept|reject|manage|allow)\s+(?:all\s+)?(?:cookies|cookie\s+\w+)
    | by\s+(?:continuing|using)\s+(?:to\s+(?:use|browse)\s+)?(?:this|our|the)\s+(?:web)?site,?\s+you\b.*
    | the\s+\S+\s+is\s+not\s+responsible\s+for\s+the\s+content\s+of\s+external\s+(?:web)?sites.*
    | (?:©|\(c\)\s|copyright\s+(?:©|\(c\)|\d{{4}})).* | .{{0,120}}\ball\s+rights\s+reserved\.?
    | .{{0,160}}\b(?:web\s*site|web|site)\s+(?:design(?:ed)?|built|developed|powered)\s+(?:and\s+\w+\s+)?by\s.{{1,60}}
    | powered\s+by\s+\S+(?:\s+\S+){{0,3}}
    | (?:advertisements?|advert|sponsored|promoted)(?:\s+(?:content|feature|links?))?
    | (?:share|save|print|email|copy\s+link|contact\s+us|about\s+us|home|menu|search|close|back\s+to\s+top|next|
        previous|skip\s+to\s+(?:main\s+)?content|sign\s+in|log\s+in|register|terms(?:\s+and\s+conditions|\s+of\s+use)?|
        privacy(?:\s+(?:policy|notice))?|cookie\s+policy|accessibility|sitemap|print\s+this\s+page|
        tags?|topics?|comments?|external)(?:\s*:)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}"
_CONTACT = re.compile(
    rf"""
    (?:tel|telephone|phone|fax|mob|mobile|call|e-?mail)\s*[.:]\s*(?=.{{0,40}}[\d@])\S.{{0,80}}
    | (?:\+44\s?|\(?0)\d[\d\s()-]{{8,14}}\d(?:\s?(?-i:[A-Z]).{{0,40}})?
    | [\w.+-]+@[\w-]+\.[\w.-]+
    | https?://\S+
    | (?-i:(?=.*,)[^.!?]{{5,120}}\b{_POSTCODE})
    | (?:registered\s+(?:charity|company|office|address|in\s+england)|company\s+(?:no|number)|vat\s+(?:no|number))\b
        (?=.{{0,40}}[:\d]).{{0,100}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAIL = re.compile(
    rf"\s*(?<![-\w])(?:(?:Photo|Picture|Image)\s)?(?:Credits?|Photo|Photograph|Picture|Pic|Image)\s?:\s{_NAMES}\s*$"
)
_BENEFIT = re.compile(r"\b(?:Universal|Tax|Pension|Child|Carbon|Social|Working|Export|Bank)\s*$")
_QUESTION_WORDS = re.compile(r":\s(?:What|Who|When|Where|Why|How|Is|Are|Can|Will|Does|Do|The|A|An|New)\b")
_CAPTION_MARK = re.compile(
    r"(?:.{0,80}?(?:image|photo|picture|video|media)\ (?:source|credit|copyright)\b.{1,60}?)?"
    r"(?:image|photo|picture|photograph|video|media)\ caption(?:[,:]\s*|\s+(?-i:(?=[A-Z\"'“‘]))|$)",
    re.IGNORECASE,
)
_LONGEST = 300


def is_boilerplate(line: str) -> bool:
    """Whether a line, without its bullet and outer white space, is page furniture and not part of the article.

    >>> is_boilerplate("Comments are closed."), is_boilerplate("Comments are closed to the press, he said.")
    (True, False)
    """
    if not any(character.isalnum() for character in line):
        return True
    if len(line) > _LONGEST:
        return False
    return any(pattern.fullmatch(line) for pattern in (_LABEL, _OPENING, _CONTACT))


def is_contact(line: str) -> bool:
    """Whether a line is an address, a telephone number or the like: it marks the lines around it as a footer."""
    return len(line) <= _LONGEST and _CONTACT.fullmatch(line) is not None


def caption_mark(line: str) -> int:
    """How many characters at the start of a line only announce a caption; 0 if none.

    >>> line = "Image caption, The hall closed in May"
    >>> line[caption_mark(line) :]
    'The hall closed in May'
    """
    match = _CAPTION_MARK.match(line)
    return match.end() if match else 0


def credit_tail(line: str) -> int:
    """Where a picture credit at the end of a line begins, its white space included; the line's length if none.

    >>> credit_tail("He lived in Solihull. Credit: West Midlands Police")
    21
    """
    if ":" not in line:
        return len(line)
    match = _TAIL.search(line, max(0, len(line) - _LONGEST))
    if match is None or _BENEFIT.search(line[: match.start()]) or _QUESTION_WORDS.search(match.group()):
        return len(line)
    return match.start()
