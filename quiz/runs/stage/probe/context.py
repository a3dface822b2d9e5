"""The context of the current code: its request, whether it is background work, and its ticket.

Context variables reach the tasks that code starts, and threads to which its context is copied, as
`to_thread` and `run_in_threadpool` do. They do not reach threads of `run_in_executor`.
"""

from contextvars import ContextVar

background: ContextVar[bool] = ContextVar("after_response_background", default=False)
# The ticket of a job that is about to start, in a list. The first call that takes it removes it
# from all contexts that share the list.
queue: ContextVar[list[str]] = ContextVar("after_response_queue", default=[])  # noqa: B039
# The request of the ASGI app to which the current code belongs.
request: ContextVar[str] = ContextVar("after_response_request", default="")
