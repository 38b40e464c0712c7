"""What answers errors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .guests import EntryTooLong, GuestUnwelcome


class ErrorsAnswered:
    """Answers the errors of the guest book."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Pass a request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> JsonResponse | None:
        """Answer for an entry that is too long."""
        if isinstance(error, EntryTooLong):
            return JsonResponse({"detail": "too long"}, status=413)
        return None


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer the errors of REST framework's views."""
    if isinstance(error, GuestUnwelcome):
        return Response({"detail": "unwelcome"}, status=451)
    return exception_handler(error, context)
