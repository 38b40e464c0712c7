"""The views of the guest book."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views import View
from django.views.decorators.http import require_http_methods
from rest_framework import status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import guests


@require_http_methods(["GET"])
def show(request: HttpRequest, number: int) -> JsonResponse:
    """Show an entry."""
    return JsonResponse({"text": guests.entry(number)})


class Entry(View):
    """An entry that may be written and removed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write one."""
        text = request.POST.get("text", "")
        if not text:
            return HttpResponseBadRequest("say something")
        return JsonResponse({"length": guests.write(text)}, status=201)

    def delete(self, request: HttpRequest) -> HttpResponse:
        """Remove one."""
        guests.remove(int(request.GET.get("number", "2") == "1") or 2, request.GET.get("guest", ""))
        return HttpResponse(status=204)


@api_view(["POST"])
def greet(request: Request) -> Response:
    """Greet a guest."""
    name = request.data.get("name") if isinstance(request.data, dict) else None
    if name == "mallory":
        raise guests.GuestUnwelcome(name)
    if not name:
        raise ValidationError("say who")
    return Response({"hello": name})


class Room(APIView):
    """A room of the house."""

    def get(self, request: Request, name: str) -> Response:
        """Show it."""
        if name == "attic":
            return Response({"detail": "closed"}, status=status.HTTP_423_LOCKED)
        if name == "cellar":
            raise OSError("it is dark")
        return Response({"room": name})


class Pictures(viewsets.ViewSet):
    """The pictures on the walls."""

    def list(self, request: Request) -> Response:
        """List them."""
        return Response([])

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one."""
        return Response({"picture": guests.entry(len(pk))})

    @action(detail=True, methods=["post"])
    def hang(self, request: Request, pk: str) -> Response:
        """Hang one."""
        raise guests.GuestUnwelcome(pk)


def unused() -> Any:
    """Raise what no route may answer with."""
    raise ArithmeticError
