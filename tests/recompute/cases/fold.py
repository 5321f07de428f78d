"""From what happened to a case to its handling rounds and the stints of authorities, each with its deadline over time.

Follows the rules at the head of src/domain/case/fold.rs, in another shape. Which events are passed over in which state
those rules do not all say; there it follows the engine. A case is folded anew for every instant it is looked at from, out
of the events up to then, so that nothing later can leak into the answer.
"""

from cases.workclock import due_by, is_working

# At one moment events are taken in the order in which a case passes through them, then as the source numbers them.
ORDER = {"received": 0, "reopened": 1, "returned": 2, "dispatched": 3, "accepted": 4, "paused": 5, "resumed": 5,
         "extended": 5, "answered": 6, "rejected": 7, "merged": 8, "closed": 9, "rated": 10}
ENDS = {"answered", "closed", "rejected", "merged"}


class Timer:
    """A clock that runs out: its deadline over time as steps (since, due), due None while it stands."""

    def __init__(self, clock, start, due, by_work):
        self.clock, self.start, self.due, self.by_work = clock, start, due, by_work
        self.steps = [] if due is None else [(start, due)]
        self.stopped = self.counted = None
        self.idle = 0

    def stop(self, at):
        self.stopped = self.counted = at
        if self.due is not None:
            self.steps.append((at, None))

    def standing(self, at):
        """The deadline now; for a clock that stands, the one it would have if it ran again now."""
        if self.stopped is None or self.due is None:
            return self.due
        if self.by_work:
            return self.clock.add(self.due, self.clock.between(self.counted, at))
        return self.due + at - self.counted

    def resume(self, at):
        if self.stopped is None:
            return
        self.due = self.standing(at)
        self.idle += self.clock.between(self.stopped, at)
        self.stopped = None
        if self.due is not None:
            self.steps.append((at, self.due))

    def extend(self, at, due):
        self.due = due
        if self.stopped is None:
            self.steps.append((at, due))
        else:
            self.counted = at

    def end(self, at):
        """Working seconds from start to end without pauses."""
        self.resume(at)
        return self.clock.between(self.start, at) - self.idle


class Span:
    """A round (`org` is None) or a stint."""

    def __init__(self, number, round_number, start, timer, org=None):
        self.number, self.round, self.start, self.timer, self.org = number, round_number, start, timer, org
        self.end = self.ending = self.worked = None
        self.dispatched = self.returned = self.reopened = self.rated = self.satisfied = None
        self.accepted = self.again = self.first_of_org = False

    def finish(self, at, ending):
        self.end, self.ending, self.worked = at, ending, self.timer.end(at)


class Fold:
    """One case on its way through its events."""

    def __init__(self, case, deadlines, clock):
        self.case, self.deadlines, self.clock = case, deadlines, clock
        self.rounds, self.stints = [], []
        self.round = self.stint = None
        self.gone = False

    def begin(self, holder):
        self.holder = holder
        self.open_round(self.case.received, self.case.due)
        if holder:
            self.give(holder, self.case.received)

    def take(self, at, kind, org, due, satisfied):
        if at < self.case.received or self.gone or kind == "received":
            return
        if kind in ENDS:
            self.end_round(at, "answered" if kind == "closed" else kind)
        else:
            getattr(self, kind)(at, org, due, satisfied)

    # -- rounds and stints -----------------------------------------------------------------------------------------

    def open_round(self, at, given):
        self.given = None if given is None else given - at
        self.rule = None if given is not None else self.table(at, self.holder)
        self.round = Span(len(self.rounds) + 1, len(self.rounds) + 1, at, self.timer(at))
        self.rounds.append(self.round)

    def table(self, at, org):
        return self.deadlines.rule(at, self.case.category, self.case.priority, org)

    def timer(self, at, own=None):
        """A clock with the allowance of the round, or with the rule `own`, begun at a moment."""
        if self.given is not None:
            return Timer(self.clock, at, at + self.given, False)
        rule = own or self.rule
        return Timer(self.clock, at, rule and due_by(rule, at, self.clock), bool(rule) and is_working(rule))

    def give(self, org, at, again=False):
        if self.given is not None and self.given < 0:
            timer = Timer(self.clock, at, at, False)
        else:
            timer = self.timer(at, self.table(self.round.start, org) if self.deadlines.has_orgs else None)
        if self.round.timer.stopped is not None:
            timer.stop(at)
        self.stint = Span(len(self.stints) + 1, self.round.number, at, timer, org)
        self.stint.again, self.stint.dispatched = again, at
        self.stint.first_of_org = all(s.org != org for s in self.stints)
        self.stints.append(self.stint)

    def release(self, at, ending):
        if self.stint:
            self.stint.finish(at, ending)
            if ending == "returned":
                self.stint.returned = at
            self.stint = None

    def end_round(self, at, ending):
        if self.round:
            self.release(at, ending)
            self.round.finish(at, ending)
            self.round = None
            self.gone = ending != "answered"

    # -- events ----------------------------------------------------------------------------------------------------

    def dispatched(self, at, org, _due, _satisfied):
        org = org or self.case.org
        if not self.round or not org:
            return
        if self.round.dispatched is None:
            self.round.dispatched = at
        if self.stint and self.stint.org == org:
            return
        if self.stint and self.stint.again and self.stint.start == at:
            # Another gets it at once: the one that answered never had it back.
            self.stints.remove(self.stint)
            self.stint = None
        self.release(at, "transferred")
        self.give(org, at)

    def accepted(self, at, *_):
        pass

    def returned(self, at, *_):
        if self.stint:
            self.release(at, "returned")
            if self.round.returned is None:
                self.round.returned = at

    def paused(self, at, *_):
        if self.round and self.round.timer.stopped is None:
            for span in (self.round, self.stint):
                if span:
                    span.timer.stop(at)

    def resumed(self, at, *_):
        if self.round and self.round.timer.stopped is not None:
            for span in (self.round, self.stint):
                if span:
                    span.timer.resume(at)

    def extended(self, at, _org, due, _satisfied):
        if not self.round or due is None:
            return
        standing = self.round.timer.standing(at)
        if (standing is not None and standing <= at) or due <= (at if standing is None else standing):
            return
        self.round.timer.extend(at, due)
        if self.stint:
            own = self.stint.timer.standing(at)
            if own is None or at < own < due:
                self.stint.timer.extend(at, due)

    def reopened(self, at, _org, due, _satisfied):
        if self.round:
            return
        self.rounds[-1].reopened = at
        answered = self.stints[-1] if self.stints and self.stints[-1].ending == "answered" else None
        for span in self.answering(self.rounds[-1]):
            span.reopened = at
        self.open_round(at, due)
        if answered:
            self.give(answered.org, at, again=True)

    def rated(self, at, _org, _due, satisfied):
        ended = [r for r in self.rounds if r.end is not None]
        if ended and ended[-1].rated is None:
            for span in [ended[-1]] + self.answering(ended[-1]):
                span.rated, span.satisfied = at, bool(satisfied)

    def answering(self, ended):
        """The stint that gave the answer of a round; what the citizen did then counts for it too."""
        return [s for s in self.stints if s.round == ended.number and s.ending == "answered"]


def fold(case, deadlines, clock, until):
    """Rounds and stints of a case as they stood at a moment, which is not before its receipt."""
    kinds = {event[3] for event in case.events}
    work = Fold(case, deadlines, clock)
    work.begin(None if "dispatched" in kinds else case.org)
    events = case.events
    if case.resolved is not None and not kinds & ENDS:
        events = sorted(events + [(case.resolved, ORDER["answered"], 0, "answered", None, None, None)],
                        key=lambda e: e[:3])
    for at, _, _, kind, org, due, satisfied in events:
        if at > until:
            break
        work.take(at, kind, org, due, satisfied)
    return work.rounds, work.stints
