"""The notice that the host stops this process, where one comes."""

import asyncio


class HostStop:
    """Whether the host has said that this process is about to end; mutable, one for an app.

    A host that ends the process without a word is not heard here.
    """

    def __init__(self) -> None:
        self._told = asyncio.Event()

    @property
    def is_told(self) -> bool:
        """Tell whether the notice has come."""
        return self._told.is_set()

    def tell(self) -> None:
        """Let everybody who waits for the notice hear it."""
        self._told.set()

    async def until_told(self) -> None:
        """Wait for the notice, for ever where none comes."""
        await self._told.wait()
