"""A setting that cannot be used is refused at the start, with one sentence that says which and what to do."""

import re
from datetime import UTC, date, datetime

import pytest

from portal import config
from portal.app import create_app
from portal.config import SettingsError, read_hub
from tests.conftest import HUB, write_hub

# What is written instead of what, and a word that the sentence must hold.
BAD_HUB_FILES = [
    ('name = "testhub"', 'name = "Test Hub"', "name"),
    ('name = "testhub"', "", "name is missing"),
    ('title = "Complex Safeguarding Hub"', 'title = ""', "title"),
    ('authority = "Manchester"', "authority = 7", "authority"),
    ('exit_url = "https://www.bbc.co.uk/weather"', 'exit_url = "weather"', "https"),
    ('exit_url = "https://www.bbc.co.uk/weather"', 'exit_url = "http://weather.example"', "https"),
    ('"http://young.localhost"', '"young.localhost"', "full address"),
    ('"http://young.localhost"', '"http://young.localhost/notes"', "without a path"),
    ('"http://young.localhost"', '"http://family.localhost"', "four different"),
    ('"http://young.localhost"', '"http://missing.example"', "missing"),
    ('"http://family.localhost"', '"http://council.example"', "council"),
    ('young = "Notes"', 'young = "Missing"', "one of Notes"),
    ('family = "Planner"', 'family = "Notes"', "two different words"),
    ('number = "0161 496 0101"', 'number = "ring us"', "telephone number"),
    ('number = "0161 496 0102"', 'number = "12"', "telephone number"),
    ("[numbers.advocate]", "[numbers.solicitor]", "advocate is missing"),
    ('cost = "Free"', "", "cost is missing"),
    ('monday = ["09:00", "17:00"]', 'montag = ["09:00", "17:00"]', "montag"),
    ('monday = ["09:00", "17:00"]', 'monday = ["17:00", "09:00"]', "open before they close"),
    ('monday = ["09:00", "17:00"]', 'monday = ["nine", "17:00"]', "office_hours"),
    ('languages = ["en_GB", "eo", "dv"]', 'languages = ["eo"]', "begin with en_GB"),
    ('languages = ["en_GB", "eo", "dv"]', 'languages = ["en_GB", "tlh"]', "tlh"),
    ('database = "sqlite', 'database = "mysql', "postgresql+psycopg"),
    ("/data/hub.db", "/keys/store.db", "key_store"),
    (
        'database = "sqlite:///{folder}/data/hub.db"',
        'database = "postgresql+psycopg://x@h/d"',
        "owner_database",
    ),
    ('title = "Complex', 'colour = "green"\ntitle = "Complex', "not a setting"),
    ("[doors]", "[doors", "TOML"),
]


@pytest.mark.parametrize(("was", "becomes", "says"), BAD_HUB_FILES)
def test_a_bad_hub_file_is_refused_in_one_sentence(settings, hub_folder, was, becomes, says):
    assert was in HUB
    path = hub_folder / "hubs" / "testhub.toml"
    path.write_text(HUB.replace(was, becomes, 1).replace("{folder}", str(hub_folder)))
    with pytest.raises(SettingsError) as refused:
        create_app(**settings)
    sentence = str(refused.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


BAD_SETTINGS = [
    ({"mode": "staging"}, "mode"),
    ({"secret_key": "short"}, "secret_key"),
    ({"email_gateway": "pigeon"}, "email_gateway"),
    ({"colour": "green"}, "colour"),
]


@pytest.mark.parametrize(("change", "says"), BAD_SETTINGS)
def test_a_bad_setting_of_the_process_is_refused_in_one_sentence(settings, change, says):
    with pytest.raises(SettingsError, match=says):
        create_app(**(settings | change))


def test_a_folder_without_hubs_is_refused(settings, hub_folder):
    (hub_folder / "hubs" / "testhub.toml").unlink()
    with pytest.raises(SettingsError, match=r"no file that ends in \.toml"):
        create_app(**settings)


def test_a_missing_file_of_keys_is_refused(settings, hub_folder):
    (hub_folder / "wrapping.json").unlink()
    with pytest.raises(SettingsError, match="wrapping keys"):
        create_app(**settings)


def test_a_damaged_file_of_keys_is_refused(settings, hub_folder):
    (hub_folder / "wrapping.json").write_text("{}")
    with pytest.raises(SettingsError, match="wrapping keys"):
        create_app(**settings)


def test_two_hubs_may_not_share_an_address(settings, hub_folder):
    text = (
        HUB.replace("{folder}", str(hub_folder)).replace("testhub", "otherhub").replace("hub.db", "other.db")
    )
    (hub_folder / "hubs" / "other.toml").write_text(text)
    with pytest.raises(SettingsError, match="each hub needs its own"):
        create_app(**settings)


def _production(settings, folder, text=HUB):
    write_hub(folder, re.sub("http://", "https://", text))
    return settings | {"mode": "production"}


def test_production_refuses_keys_beside_the_data(settings, hub_folder):
    keys = hub_folder / "data" / "wrapping.json"
    keys.write_text((hub_folder / "wrapping.json").read_text())
    with pytest.raises(SettingsError, match="beside the data"):
        create_app(**_production(settings, hub_folder) | {"keys": keys})


def test_production_refuses_a_key_store_beside_the_database(settings, hub_folder):
    text = HUB.replace("/keys/store.db", "/data/store.db")
    with pytest.raises(SettingsError, match="one copy takes both"):
        create_app(**_production(settings, hub_folder, text))


def test_production_asks_the_councils_sign_in_over_https_alone(settings, hub_folder):
    told = '[single_sign_on]\nname = "x"\nissuer = "ISSUER"\nclient_id = "x"\nclient_secret = "long enough"\n'
    path = hub_folder / "hubs" / "testhub.toml"
    given = _production(settings, hub_folder)
    path.write_text(f"{path.read_text()}\n{told.replace('ISSUER', 'http://login.example')}")
    with pytest.raises(SettingsError, match="issuer must begin with https"):
        create_app(**given)


def test_production_refuses_doors_without_https(settings):
    with pytest.raises(SettingsError, match="https"):
        create_app(**settings | {"mode": "production"})


def test_a_demonstration_runs_only_in_the_demonstration_mode(settings, hub_folder):
    write_hub(
        hub_folder,
        HUB.replace("[doors]", "demonstration = true\n[doors]").replace('title = "C', 'title = "C'),
    )
    with pytest.raises(SettingsError, match="portal demo"):
        create_app(**settings)


def test_the_demonstration_mode_takes_no_real_hub(settings):
    with pytest.raises(SettingsError, match="demonstration"):
        create_app(**settings | {"mode": "demonstration"})


def test_the_settings_are_read_from_the_environment(settings):
    environ = {f"ROWAN_{name.upper()}": str(value) for name, value in settings.items()}
    assert config.Settings.from_environment(environ).mode == "test"


def test_nobody_is_at_work_on_a_bank_holiday_or_at_the_weekend(hub_folder):
    text = HUB.replace("[doors]", "bank_holidays = [2026-11-24]\n[doors]")
    (hub_folder / "hubs" / "testhub.toml").write_text(text.replace("{folder}", str(hub_folder)))
    file = read_hub(hub_folder / "hubs" / "testhub.toml")
    assert file.office_day(date(2026, 11, 24)) is None
    assert file.office_day(date(2026, 11, 28)) is None


@pytest.mark.parametrize(("month", "opens"), [(11, 9), (7, 8)])
def test_office_hours_are_londons_in_winter_and_in_summer(hub_file, month, opens):
    day = hub_file.office_day(date(2026, month, 24))
    assert day.opens == datetime(2026, month, 24, opens, tzinfo=UTC)


NOTIFY_KEY = "rowan-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
BAD_GATEWAYS = [
    ({"email_gateway": "notify"}, "notify_key is missing; email_gateway is notify, which needs it"),
    ({"text_gateway": "notify", "notify_key": NOTIFY_KEY}, "notify_text_template is missing"),
    (
        {"text_gateway": "notify", "notify_key": NOTIFY_KEY, "notify_text_template": "0" * 32},
        "notify_text_sender is missing",
    ),
    ({"notify_key": "secret"}, "notify_key must be a key of GOV.UK Notify"),
    ({"notify_url": "http://notify.example"}, "notify_url must be a full https address"),
    ({"email_gateway": "smtp"}, "smtp_host is missing"),
    ({"email_gateway": "smtp", "smtp_host": "mail.example"}, "smtp_from is missing"),
    ({"smtp_from": "Duty team <duty@mail.example>"}, "without a name beside it"),
    ({"smtp_from": "missing-children@mail.example"}, "smtp_from must not have 'missing' in it"),
    ({"smtp_user": "portal"}, "smtp_user and smtp_password belong together"),
    ({"smtp_ca": "/nowhere.pem"}, "smtp_ca must be a file of certificates"),
    ({"watcher_phone": "ring me"}, "watcher_phone must be a telephone number"),
    ({"incoming_token": "short"}, "incoming_token"),
]


@pytest.mark.parametrize(("change", "says"), BAD_GATEWAYS, ids=[says for _, says in BAD_GATEWAYS])
def test_a_bad_gateway_is_refused_in_one_sentence(settings, change, says):
    with pytest.raises(SettingsError) as refused:
        create_app(**settings | change)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


OUT = {"email_gateway": "smtp", "smtp_host": "mail.example", "smtp_from": "notes@mail.example"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "email_gateway is a folder, from which nothing leaves"),
        (OUT, "text_gateway is a folder"),
        (OUT | {"text_gateway": "none"}, "watcher_email or watcher_phone"),
    ],
)
def test_production_refuses_to_send_nothing_or_to_tell_nobody_of_it(settings, hub_folder, change, says):
    with pytest.raises(SettingsError, match=says):
        create_app(**_production(settings, hub_folder) | {"keys": hub_folder / "wrapping.json"} | change)


def test_the_settings_pass_on_to_another_process_as_they_are(settings):
    own = config.Settings(**settings | OUT | {"watcher_email": "ops@mail.example"})
    assert config.Settings.from_environment(own.as_environment()) == own


def test_no_secret_stands_in_what_the_settings_look_like(settings):
    own = config.Settings(**settings, notify_key=NOTIFY_KEY, incoming_token="t" * 40)
    assert NOTIFY_KEY not in repr(own)
    assert "t" * 40 not in repr(own)
