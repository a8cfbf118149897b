"""What people can read of prices and taxes: every table with its source and day."""

from functions.pricing.list_exchange_rates import list_exchange_rates
from functions.pricing.list_price_lists import list_price_lists
from functions.pricing.list_tax_tables import AppliedRate, list_tax_tables
from tests.functions.pricing.orders import MUG, usd


def test_publishes_every_price_list_with_breaks_and_sales() -> None:
    lists = {each["price_list"]: each for each in list_price_lists().model_dump(mode="json")["items"]}

    assert {name: (each["currency"], each["tax"], each["destinations"]) for name, each in lists.items()} == {
        "se-consumer": ("SEK", "included", ["SE"]),
        "usd": ("USD", "excluded", None),
    }
    assert [row for row in lists["usd"]["prices"] if row["sku"] == MUG] == [
        {"sku": MUG, "name": "Mug", "from_quantity": pieces, "price": usd(amount), "valid_from": day, "valid_to": None}
        for pieces, amount, day in ((1, "8.99", "2024-01-01"), (50, "7.99", "2024-01-01"), (200, "7.49", "2024-01-01"))
    ]
    sale = [row for row in lists["se-consumer"]["prices"] if row["valid_to"]]
    assert [(row["sku"], row["valid_from"], row["valid_to"]) for row in sale] == [(MUG, "2026-06-15", "2026-06-28")]
    assert all(each["source"] and each["as_of"] for each in lists.values())


def rates(table: str) -> list[AppliedRate]:
    [found] = [each for each in list_tax_tables().items if each.table == table]
    assert found.about
    assert found.source
    assert found.as_of.isoformat() >= "2026-01-01"
    return found.rates


def test_the_us_table_says_that_it_is_of_the_states_and_where_tax_is_collected() -> None:
    about = next(each.about for each in list_tax_tables().items if each.table == "us_sales_tax")
    states = {each.jurisdiction: each for each in rates("us_sales_tax")}

    assert "at the STATE level" in about
    assert (states["US-CA"].rate, states["US-CA"].shipping_taxed, states["US-CA"].collected) == ("0.0725", False, True)
    assert (states["US-MN"].rate, states["US-MN"].collected) == ("0.06875", False)
    assert sum(each.collected for each in states.values()) == 16


def test_the_eu_table_names_regions_and_those_outside_the_area() -> None:
    found = {each.name: each for each in rates("eu_vat")}

    assert (found["Netherlands"].jurisdiction, found["Netherlands"].rate) == ("NL", "0.21")
    assert (found["Azores"].jurisdiction, found["Azores"].rate) == ("PT", "0.16")
    assert (found["Monaco"].jurisdiction, found["Monaco"].rate) == ("FR", "0.2")
    assert (found["Åland"].rate, found["Åland"].collected) == (None, False)


def test_the_eu_table_says_that_no_register_of_vat_ids_is_asked() -> None:
    about = next(each.about for each in list_tax_tables().items if each.table == "eu_vat")

    assert "nobody asks VIES" in about
    assert "before the recapitulative statement (Article 262)" in about


def test_every_special_rate_and_exemption_names_its_law() -> None:
    special = rates("tax_codes")

    assert {each.tax_code for each in special} == {"clothing", "books"}
    assert all(each.note for each in special)
    [new_york] = [each for each in special if each.jurisdiction == "US-NY"]
    assert (new_york.rate, new_york.below) == ("0", "110")


def test_every_rate_has_its_provider_and_day_and_every_refused_currency_its_reason() -> None:
    items = list_exchange_rates().items
    by_code = {each.currency: each for each in items}

    assert [each.currency for each in items] == sorted(by_code)
    assert {code for code, each in by_code.items() if each.refused} == {"BGN", "HRK", "RUB"}
    assert all(each.provider and each.rate and each.valid_from for each in items if not each.refused)
    assert (by_code["JPY"].rate, by_code["KWD"].rate, by_code["USD"].rate) == ("111.8089341", "0.3037", "1")
