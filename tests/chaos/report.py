"""What came of a run, as a page."""

from __future__ import annotations

import datetime as dt

from tests.chaos.run import Consequence, Outcome

INTRODUCTION = """\
# Chaos

What `make chaos` measured in its latest recorded run: real processes on one machine (socket nodes, the API, Redis,
DynamoDB Local and HAProxy), a crowd that draws through the proxy, and every few seconds one of them is killed with
`SIGKILL`, stopped for 8 seconds with `SIGSTOP`, or restarted. When the time is up everything may recover; then it is
checked that

- every acknowledged pixel is in the log exactly once, with the colour that was asked for;
- every request got an answer, and all clients hold the canvas that the log's replay gives, by checksum;
- batch numbers have no gap, and each stretch of them has one writer: never did two writers commit in turns;
- the pixel records in DynamoDB (colour, time, user, sequence number) equal the replayed log.

Faults overlap: while Redis or DynamoDB is broken too, a new leader and a new pixel wait for it. A leader that only
dies is replaced within 5 seconds, which has a test of its own.

A promise that is broken ends the run with an error instead of a page. Run it yourself: `make chaos ARGS="--seed 7"`;
the seed decides what is broken and when, not how the machine's scheduler answers.
"""


def page(outcome: Outcome) -> str:
    """Return a page of its own."""
    return f"{INTRODUCTION}\n## The run of {dt.datetime.now(dt.UTC):%Y-%m-%d}\n\n{report(outcome)}"


def report(outcome: Outcome) -> str:
    """Return what came of it, as Markdown."""
    plan = outcome.plan
    start = min(consequence.fault.at for consequence in outcome.consequences)
    count = len(outcome.consequences)
    arguments = f"--seconds {plan.seconds:.0f} --clients {plan.clients} --nodes {plan.nodes} --seed {plan.seed}"
    lines = [
        f'`make chaos ARGS="{arguments}"`',
        "",
        f"{count} faults, {outcome.placed} pixels acknowledged to {plan.clients} clients; every promise held.",
        "",
        "| at | what | how | it served again | another node led | a new pixel was acknowledged |",
        "|---:|---|---|---:|---:|---:|",
        *(_row(consequence, start) for consequence in outcome.consequences),
        "",
    ]
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(outcome.refused.items())) or "none"
    takeovers = sorted(c.led for c in outcome.consequences if c.fault.whom == "leader" and c.led is not None)
    lines += [
        f"- Takeovers of a broken leader: {', '.join(f'{span:.1f} s' for span in takeovers) or 'none'}.",
        f"- Longest time without any acknowledgement: {outcome.longest_silence:.2f} s.",
        f"- Longest time that one request took: {outcome.longest_wait:.2f} s.",
        f"- Refused: {refused}; of these in the log all the same: {outcome.denied}.",
        f"- The log: {outcome.batches} batches, {outcome.pixels} pixels, {outcome.terms} terms of leadership.",
        f"- Who wrote it: {'; '.join(f'{r.writer[:6]} batches {r.first} to {r.last}' for r in outcome.reigns)}.",
        "",
    ]
    return "\n".join(lines)


def _row(consequence: Consequence, start: float) -> str:
    fault = consequence.fault
    back = None if fault.back is None else fault.back - fault.at
    spans = (back, consequence.led, consequence.working)
    cells = " | ".join("–" if span is None else f"{span:.1f} s" for span in spans)
    return f"| {fault.at - start:.1f} s | {fault.whom} | {fault.how} | {cells} |"
