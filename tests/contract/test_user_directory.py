"""The contract of UserDirectory."""

from __future__ import annotations

from pixels_core.ports import Totals
from tests.contract.store_contract import Harness, Store
from tests.support.builders import make_batch


async def test_names_are_those_of_users_who_have_one(store: Store) -> None:
    await store.remember("ada", "Ada Lovelace")
    await store.remember("bob", "Bob ✓ 🎨")
    assert await store.names(["bob", "nobody", "ada"]) == {"ada": "Ada Lovelace", "bob": "Bob ✓ 🎨"}
    assert await store.names([]) == {}


async def test_a_name_is_changed_and_cleared(store: Store) -> None:
    await store.remember("ada", "Ada")
    await store.remember("ada", "Countess")
    assert await store.names(["ada"]) == {"ada": "Countess"}
    await store.remember("ada", None)
    assert await store.names(["ada"]) == {}


async def test_many_names_at_once(store: Store) -> None:
    users = [f"user-{i}" for i in range(1_100)]
    await store.remember(users[0], "First")
    await store.remember(users[-1], "Last")
    assert await store.names(iter(users + users)) == {users[0]: "First", users[-1]: "Last"}


async def test_a_named_user_is_no_painter(store: Store) -> None:
    await store.remember("ada", "Ada")
    assert await store.totals(5) == Totals(0, 0, ())
    await store.append(make_batch(1, user="ada"))
    assert await store.totals(5) == Totals(1, 1, (("ada", 1),))
    assert await store.names(["ada"]) == {"ada": "Ada"}


async def test_names_outlive_a_restart(harness: Harness) -> None:
    async with harness.opened() as store:
        await store.remember("ada", "Ada")
    async with harness.opened() as store:
        assert await store.names(["ada"]) == {"ada": "Ada"}
