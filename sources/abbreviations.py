"""Word lists that tell an abbreviation's full stop from a sentence's, for British and American news."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALWAYS_OPEN = _words(
    """
    Mr Mrs Ms Mx Dr Drs Prof Rev Revd Fr Msgr Hon Rt Messrs Cllr Clr Ald Supt Insp Det Sgt Cpl Pte Pvt Lt Lieut Cmdr Cdr
    Capt Ven Cdre Supts Insps PC DC DS DI DCI Mme Mlle Mgr Esq
    e.g i.e eg ie E.g I.e viz cf Cf vs v ca approx Approx
    """
)
"""Before these a sentence does not end: a name or an explanation follows. Compared as written."""

BEFORE_NUMBER = _words(
    """
    No no Nos nos p pp P para paras Para par b d c fl ca vol Vol vols ch Ch chap Chap fig Fig figs Figs pt Pt s ss r rr
    cl Cl reg Reg regs Op op Art Arts Sec Secs Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu
    Thur Thurs Fri Sat Sun Tel tel Ext ext
    """
)
"""With a number next, these are abbreviations ("No. 10", "Jan. 5"); otherwise words. Compared as written."""

USUALLY_OPEN = _words(
    """
    St Ste Mt Ft Ave Rd Blvd Sq Ln Inc Ltd Co Corp Plc LLC Bros Dept dept Dist Assn Assoc Univ Inst Govt govt Intl Natl
    Gov Gen Sen Rep Pres Sec Treas Adm Col Maj Amb Brig Jr Sr Ph.D al est ret HM Jan Feb Mar Apr Aug Sept Oct Nov Dec
    Ala Ariz Ark Calif Colo Conn Fla Ga Ill Ind Kan Ky Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn
    Tex Va Vt Wash Wis Wyo Ont Que
    """
)
"""After these a sentence ends only if a usual opening word or a quotation follows. Compared as written."""

CLOCK = frozenset({"a.m", "p.m"})

CLOCK_FOLLOWERS = _words(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December GMT BST UTC CET CEST EST EDT ET CST CDT CT MST MDT MT PST PDT PT IST AEST
    Eastern Central Mountain Pacific Greenwich Jan Feb Mar Apr Aug Sept Oct Nov Dec
    """
)
"""Words with a capital that go on after a time of day."""

STARTERS = _words(
    """
    The This That These Those There Then They Their It Its He His She Her We Our You Your My Who What When Where Why
    How Which Whether While Although Though However But And Or So Yet If In On At By For From With Without Within After
    Before Since During Until Under Over Between Among Through Because As An A Also Another Any All Both Each Every Few
    Many More Most Much Several Some Such No Not None Nobody Nothing Only Other Others One Two Three Four Five Six Seven
    Eight Nine Ten Dozens Hundreds Thousands Meanwhile Moreover Instead Later Last Next Now Today Yesterday Tomorrow
    Here Despite According Asked About Across Against Around To Of Once Still Even Just Perhaps Police
    Officials Inspectors
    """
)
"""Words that open a sentence far more often than they go on a name ("in the U.S. The")."""
