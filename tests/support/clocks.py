"""Workflows that read a clock or throw dice, in two ways."""

import random
import time

from temporalio import workflow


@workflow.defn
class ReadsTheClock:
    """Sends the same commands in every replay, and yet is not deterministic."""

    @workflow.run
    async def run(self) -> float:
        return time.time()


@workflow.defn
class ThrowsDice:
    """Likewise."""

    @workflow.run
    async def run(self) -> float:
        return random.random()


@workflow.defn
class AsksTheWorkflow:
    """Has both from the workflow, which gives the same in every replay."""

    @workflow.run
    async def run(self) -> float:
        return workflow.time() + workflow.random().random()
