"""A young person says that it is about her worker, asks for something and writes her plan; a manager sees to it."""

import pytest

pytestmark = pytest.mark.usefixtures("waiting")
TO_TELL = "It is about someone who looks after me or works with me"


def test_amara_tells_a_manager_about_sam_and_he_reads_no_more(at_phone, at_desk):
    amara = at_phone(inspects=True)
    amara.opens("/now")
    amara.presses("Ring me")
    amara.follows(TO_TELL)
    amara.sees("Is it about someone who looks after you or works with you?")
    amara.ticks("Sam, your worker")
    amara.types("You can say what it is about", "he reads my phone")
    amara.presses("Tell a manager")
    amara.sees("Thank you for telling us.")
    amara.reads("Only a manager: Priya.")
    amara.does_not_read("he reads my phone")

    sam = at_desk("sam")
    sam.opens("/alerts")
    sam.does_not_read("About somebody")

    priya = at_desk("priya", inspects=True)
    priya.sees_an_alert_about("Amara Obi")
    priya.follows("About somebody who looks after or works with them")
    priya.reads("he reads my phone")
    priya.presses("I have it")
    priya.reads("You can close it when the designated officer's step above is written down.")
    priya.types("What they said and what you agreed; or why they need not be told", "They meet on Thursday.")
    priya.presses("I have told them")
    priya.reads("Told: written down by Priya Shah")
    priya.types("What came of it?", "Handed over. Dee is with Amara.")
    priya.presses("Close the alert")
    priya.sees("Alerts")

    amara.opens("/now")
    amara.reads("Priya had part of it, and wrote down what happened.")


@pytest.mark.parametrize("script", [True, False])
def test_amara_asks_for_a_lift_and_is_answered(at_phone, at_desk, script):
    amara = at_phone(inspects=script, java_script_enabled=script)
    amara.opens("/")
    amara.follows("Ask for something")
    amara.ticks("A lift")
    amara.ticks("Here on these pages")
    amara.presses("Ask for it")
    amara.sees("We have it.")

    sam = at_desk("sam", inspects=script, java_script_enabled=script)
    sam.opens("/asks")
    sam.reads("A lift")
    sam.follows("Amara Obi")
    sam.types("Your answer", "Yes. Dee comes at four.")
    sam.presses("Send it to their page")
    sam.reads("Yes. Dee comes at four.")

    amara.opens("/")
    amara.presses("Read it")
    amara.reads("Yes. Dee comes at four.")


def test_amara_says_not_now_and_what_is_better_in_two_presses_and_ticks(at_phone, at_desk):
    amara = at_phone(inspects=True)
    amara.opens("/side")
    amara.presses("Not now")
    amara.sees("That is fine.")
    amara.follows("Say what is better")
    amara.ticks("At the weekend")
    amara.presses("Save this")
    amara.sees("That's saved.")

    sam = at_desk("sam")
    sam.opens("/returns")
    sam.follows("Amara Obi")
    sam.reads("At the weekend")
    sam.presses("I have seen to it")
    sam.reads("Sam saw to it on")


def test_amara_writes_her_plan_and_sam_prints_it(at_phone, at_desk, everybody):
    amara = at_phone(inspects=True)
    amara.opens("/")
    amara.follows("My safer plan")
    amara.types("A word I would text", "pineapple")
    amara.presses("Save my card")
    amara.reads("That's saved.")
    amara.does_not_read("pineapple")

    sam = at_desk("sam", inspects=True)
    sam.opens(f"/young-people/{everybody.amara}")
    sam.follows("Safer plan: read it with them, print it for them")
    sam.reads("pineapple")
    sam.follows("The card to print")
    sam.reads("pineapple")
