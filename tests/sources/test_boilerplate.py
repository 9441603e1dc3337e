"""Page furniture and its look-alikes: both sides of every rule."""

import pytest

from sources.boilerplate import caption_mark, credit_tail, is_boilerplate

FURNITURE = [
    "Credit: ITV News Central",
    "Credit: PA Images",
    "Picture credit: Jane Smith/Reuters",
    "Photo: Getty Images",
    "Photograph: Christopher Thomond/The Guardian",
    "Picture by Ann Lee",
    "PA Media",
    "Image source, Getty Images",
    "Arthur Labinjo-HughesImage source, Family handout",
    "Image caption,",
    "Comments are closed.",
    "12 comments",
    "Leave a comment",
    "Follow BBC West Midlands on Facebook, external, X, external and Instagram, external.",
    "Follow us on Twitter",
    "Send your story ideas to: news@example.org, external",
    "Published",
    "Published 8 November 2022",
    "Last updated on Tuesday at 09:15",
    "Story updated 8 November 2022",
    "3 hours ago",
    "4 min read",
    "More from Community Care",
    "Read more: Council leader resigns",
    "Read more",
    "Related topics",
    "You may also like",
    "Sign up to our daily newsletter for the latest",
    "We use cookies to give you the best experience.",
    "Accept all cookies",
    "The BBC is not responsible for the content of external sites.",
    "© 2022 Example Media Ltd",
    "Example Media. All rights reserved.",
    "Tel: 01206 878178Contact Us",
    "01206 878178",
    "Email: desk@example.org",
    "desk@example.org",
    "https://www.example.org/story",
    "D1, Parkside, Nesfield Road, Colchester, Essex CO4 3ZL",
    "Registered charity number 123456",
    "market research by Example Research | website design by Example",
    "Share",
    "Advertisement",
    "Skip to main content",
    ", , ,",
    "***",
]

CONTENT = [
    "Credit unions are growing.",
    "Credit: how it works for tenants",
    "Credit was given to the police.",
    "The council gave credit: none was due.",
    "Follow-up visits were late.",
    "Followers on Facebook said the council was wrong.",
    "Like many on Facebook, she was angry.",
    "Visit numbers fell on the day, he said on Facebook.",
    "Published accounts show a £5m loss",
    "Published in 2019, the report named four failings.",
    "Updated guidance covers 8 areas of practice.",
    "Image of the council has suffered.",
    "Image rights were sold for £3m.",
    "Comments are closed to the press, he said.",
    "Comments by the leader drew anger.",
    "Share prices fell.",
    "Shares in the firm rose 4%.",
    "Read more slowly, the teacher said.",
    "More from the same inspectors is expected in May.",
    "More on this subject was said in court, where the judge heard four witnesses.",
    "Related deaths were not counted.",
    "Latest figures show 400 cases.",
    "The site uses 40 people in summer.",
    "We use social workers from agencies.",
    "He used cookies to bribe the children.",
    "Send your children to school, the leader said.",
    "Print workers went on strike.",
    "Home care costs rose.",
    "Email records were lost.",
    "Call: the minister's plea to councils was not heard.",
    "Copyright law changed in May.",
    "He lived at 10 High Street, London SW1A 1AA.",
    "020 7946 0000 is the number to ring for help.",
    "Photo opportunities were refused.",
    "PA Consulting wrote the report.",
    "Sponsored runs raised £532,000.",
    "Advertisers left.",
    "Search teams found the boy.",
    "Register offices closed.",
    "3 hours ago the court rose.",
    "Join us, said the union, on the picket line.",
    "Subscribers fell to 2,000.",
    "Website designers were hired by the council.",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_does_not_answer(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", CONTENT)
def test_content_is_kept(line: str) -> None:
    assert not is_boilerplate(line)
    assert credit_tail(line) == len(line)
    assert caption_mark(line) == 0


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("He lived in Solihull. Credit: West Midlands Police", "He lived in Solihull."),
        (
            "Guilty of killing Arthur Labinjo-Hughes Credit: West Midlands Police",
            "Guilty of killing Arthur Labinjo-Hughes",
        ),
        ("The hall in May. Photo: Ann Lee/PA", "The hall in May."),
        ("Credit: PA Images", ""),
        ("Universal Credit: What You Need To Know", "Universal Credit: What You Need To Know"),
        ("Universal Credit: Ministers Back Down", "Universal Credit: Ministers Back Down"),
        ("He claimed credit: it was his idea", "He claimed credit: it was his idea"),
        ("He gave them Credit: they had earned it.", "He gave them Credit: they had earned it."),
    ],
)
def test_credit_at_the_end_of_a_line(line: str, kept: str) -> None:
    assert line[: credit_tail(line)] == kept


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("Image caption, The hall closed in May", "The hall closed in May"),
        ("Image source, Getty ImagesImage caption, The hall closed", "The hall closed"),
        ("Image caption The hall closed in May", "The hall closed in May"),
        ("Image caption,", ""),
        ("Image captions were wrong.", "Image captions were wrong."),
    ],
)
def test_caption_labels(line: str, caption: str) -> None:
    assert line[caption_mark(line) :] == caption
