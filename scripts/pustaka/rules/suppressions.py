"""U: what the text itself sets aside. These rules judge the `Outcome` of all others, and nothing can set them aside."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from pustaka.model import Fault, say
from pustaka.nearest import nearest
from pustaka.rules import rule, rules
from pustaka.suppress import Outcome

#: Families that cannot be set aside: what cannot be read, and these rules.
NEVER = ("F", "U")


@rule("U901", severity="warning")
def idle_suppression(outcome: Outcome) -> Iterator[Fault]:
    """A suppression suppresses nothing.

    What it spoke of was mended, or its rule never found anything there. Left in, it would hide the next fault of that
    kind. Only rules that were asked are considered: with `--select P` an entry's suppression is not called idle.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12]. <!-- pustaka: ignore P204, kata-kata kami sendiri -->
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur. <!-- pustaka: ignore P204, kata-kata kami sendiri -->
    """
    for suppression, code in outcome.idle:
        message = say("“{code}” is suppressed here (“{reason}”), but nothing of the kind is found: take it out", code=code, reason=suppression.reason)
        yield Fault(suppression.place, message)


@rule("U902")
def unusable_suppression(outcome: Outcome) -> Iterator[Fault]:
    """A suppression gives no reason, or names no rule that can be suppressed.

    It is written `pustaka: ignore CODE CODE, reason` (or `ignore-page`, for a whole page), and whoever reads it later must
    learn why. Without a reason it sets nothing aside. What cannot be read (F) and these rules (U) cannot be suppressed.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12]. <!-- pustaka: ignore P204 --> <!-- pustaka: ignore P999, kata kami -->
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur. <!-- pustaka: ignore P204, kata-kata kami sendiri -->
    """
    # all rules are loaded only where there is something to compare with them
    known = [rule.code for rule in rules() if not rule.code.startswith(NEVER)] if outcome.suppressions else []
    for suppression in outcome.suppressions:
        verb, codes = shorten(suppression.verb, 40, placeholder="…"), " ".join(suppression.codes)
        if suppression.verb not in ("ignore", "ignore-page"):
            mend = say("“pustaka: {verb}” is not understood: write “pustaka: ignore CODE, reason”", verb=verb)
            yield Fault(suppression.place, mend, suggestion="ignore")
            continue
        if not suppression.codes:
            yield Fault(
                suppression.place, say("“pustaka: {verb}” names no rule: write a whole code, as in “pustaka: {verb} P204, reason”", verb=verb)
            )
        elif not suppression.reason:
            message = say("“pustaka: {verb} {codes}” gives no reason: write “pustaka: {verb} {codes}, reason”", verb=verb, codes=codes)
            yield Fault(suppression.place, message)
        for code in suppression.codes:
            if code.startswith(NEVER):
                yield Fault(suppression.place, say("“{code}” cannot be suppressed: mend what it finds", code=code))
            elif code not in known:
                meant = nearest(code, known) or ""
                mend = say("did you mean “{meant}”?", meant=meant) if meant else say("take it out")
                yield Fault(suppression.place, say("“{code}” is no rule: {mend}", code=code, mend=mend), suggestion=meant)
