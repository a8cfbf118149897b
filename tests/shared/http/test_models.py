"""What functions are typed with repeats nothing of its input in an error, which may come into the log."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from pydantic import BaseModel, ValidationError

from shared.http.models import Answer, Command, Items, View


@pytest.mark.parametrize("base", [Answer, Command, Items, View])
def test_an_error_does_not_repeat_what_was_given(base: type[BaseModel]) -> None:
    class Told(base):  # type: ignore[misc,valid-type]
        age: int

    with pytest.raises(ValidationError) as refused:
        Told(age="ada@example.com")
    assert "ada@" not in str(refused.value)
    assert "age" in str(refused.value)


def test_threads_may_meet_at_a_models_first_use() -> None:
    """Validators are built when first used (`defer_build`): here by 8 threads at once, of a whole and of its part."""
    raw = '{"lines": [{"sku": "RYE"}]}'
    read: list[object] = []

    def meet(barrier: Barrier, use: Callable[[], object]) -> None:
        barrier.wait()
        read.append(use())

    for _ in range(20):

        class Line(Command):
            sku: str

        class Order(Command):
            lines: tuple[Line, ...]

        uses = [
            lambda kind=Order: kind.model_validate_json(raw).model_dump_json(),
            lambda kind=Line: kind.model_validate_json('{"sku": "RYE"}').sku,
        ]
        barrier = Barrier(8)
        threads = [Thread(target=meet, args=(barrier, uses[n % 2])) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(map(str, read)) == ["RYE"] * 80 + ['{"lines":[{"sku":"RYE"}]}'] * 80
