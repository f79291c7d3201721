"""The four short words of a way in, and the same thing as twelve digits.

A thousand words, so that each stands for three digits: words and digits are one number, equally hard to guess.
BIP39's English list is taken because no two of its words begin with the same four letters: a misspelt ending
still opens.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mnemonic import Mnemonic

HOW_MANY = 1000
# What a child need not be handed on a card: what hurts or frightens, what is said of bodies, family, money, law,
# drink and drugs, and what is hard to read or to spell at nine.
_LEFT_OUT = """
absurd abuse accuse acid addict admit adult affair afraid aisle alarm album alien alley almost alone amount
amused anger angry april arch area arena argue armed armor army arrest asset assume asthma atom attack audit
august aunt avoid awful axis baby bacon bar beef behave betray bid bind birth bitter black blade blame blast
bleak bless blind blood blouse blur blush body boil bomb bone boss boy broken brown bulk bullet bunker
burden burst cage cannon cargo cash casino casual caught cause census chaos chase cheap child chunk churn
cigar civil claim claw clerk client clinic clog color core couch crack crash crazy credit crew crime crisp
critic crouch cruel crush cry dad damage damp danger daring deal debate debris decade define defy degree
delay demand demise denial deny depart depth deputy derive desert detect devote diesel diet dirt divert
divide dizzy doctor domain donor dose dove drama dress drink drip dumb dutch duty dwarf either elite embark
embody empty enable enact enemy engage enlist enroll ensure entire equip era erase erode error erupt escape
essay estate ethics evil evoke evolve excess exile exist expire expose fade faint false fame fat fatal
father fault fee female fever few fiber fiscal flat flavor flee fluid foil force fork fossil foster found
fox frown fury gas gasp gauge gaze genre ghost gift girl glare gloom gospel gossip govern gown grab grief
grit grunt guard guess guilt gun gym harbor hard harsh hawk hazard heavy hidden horror host hotel hub humble
humor hungry hunt hurt hybrid idle ignore ill immune impact impose income index infant inform inhale inject
injury inmate insane invest issue ivory job judge junk kick kid kidney kiss knife label labor lady large
latin lava law lawn layer lazy leg legal lend lens liar limb load loan local lock logic lonely loud lounge
love lunar lyrics mad maid man march mask matrix maze mean meat media mercy merge merit mesh minor misery
miss modify mom moral mother mule muscle must mutual myth naive nasty neck nerve never noble noise nurse oak
obey oblige obtain occur odor oil omit opera oppose organ orient orphan own ozone pact pair palm panic
patrol pause pave people person photo pig pill pistol pitch pledge pluck poet police pool power price pride
prison prize profit proof pulp pulse punch pupil purity purse push quit quote race rack rally ramp rare raw
razor rebel refuse regret reject rely rent rescue retire rib rifle rigid riot risk ritual robust rough royal
rude rural sad salute scare scene scheme scrap scrub secret seek sell sense shaft shed shell shock shoot
shove shrug shy sick siege sight silly since sister skin skirt skull slab slam slim slot slow slush smoke
snake snap sniff social sorry spare spawn spike split spoil spy staff steak steel stick sting stuff submit sudden
suffer surge swamp swarm swear sword syrup tag tank tape target tattoo taxi tenant text theme theory they
tired tissue title toilet token tone toss tower toy tragic trap trash trend trial tribe trick truck trust
twin ugly uncle unfair update upset urban urge usage vague valid valve van vanish vapor vast vault venue
verb verify very vessel viable video virus visa vital void vote wage want waste wealth weapon weasel weird
width wife wild wine wire wolf woman worry wrap wreck wrong young youth
"""


@lru_cache
def word_list() -> tuple[str, ...]:
    """The thousand words, in the order of their numbers: the shortest kind ones of BIP39's English list."""
    left_out = set(_LEFT_OUT.split())
    fit = [word for word in Mnemonic("english").wordlist if len(word) <= 6 and word not in left_out]
    shortest = sorted((word for word in fit if len(word) >= 3), key=lambda word: (len(word), word))[:HOW_MANY]
    return tuple(sorted(shortest))


@lru_cache
def _numbers() -> dict[str, str]:
    return {word[:4]: f"{number:03}" for number, word in enumerate(word_list())}


def groups(number: int) -> list[str]:
    """A number of a way in as its four groups of three digits."""
    digits = f"{number:012}"
    return [digits[i : i + 3] for i in range(0, 12, 3)]


def in_words(number: int) -> str:
    """The same number as four words."""
    return " ".join(word_list()[int(group)] for group in groups(number))


def only_digits(typed: str) -> str:
    """The digits of what somebody typed, in whatever script their keyboard writes them."""
    return "".join(str(unicodedata.digit(c)) for c in typed if unicodedata.digit(c, None) is not None)


def digits_of(typed: str) -> str:
    """The twelve digits that stand behind typed words or typed digits; empty if they are neither."""
    said = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed).casefold())
    if not said:
        digits = only_digits(typed)
        return digits if len(digits) == 12 else ""
    numbers = [_numbers().get(word[:4], "") for word in said]
    return "".join(numbers) if len(numbers) == 4 and all(numbers) else ""
