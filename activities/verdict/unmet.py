"""The error of a condition that an answer's body does not meet."""


class UnmetError(Exception):
    """A condition on the body does not hold."""

    def __init__(self, condition: str, problem: str) -> None:
        """``condition`` is as in ``Judgement.unmet``; ``problem`` follows "answered 200, but"."""
        super().__init__(problem)
        self.condition = condition
        self.problem = problem
