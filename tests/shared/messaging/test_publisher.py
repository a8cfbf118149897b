from shared.messaging.publisher import attribute


def test_an_attribute_holds_as_many_bytes_as_pub_sub_takes() -> None:
    assert attribute("short") == "short"
    assert attribute("x" * 2000) == "x" * 1024
    assert attribute("a" + "ä" * 1000) == "a" + "ä" * 511, "no character is cut in two"
