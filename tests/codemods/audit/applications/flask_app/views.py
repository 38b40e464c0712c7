"""Pages of a blueprint."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.views import MethodView

views = Blueprint("views", __name__)


class PageTurned(Exception):
    """The page was turned."""


@views.errorhandler(PageTurned)
def turned(error: PageTurned) -> tuple[str, int]:
    """Answer for a page that was turned."""
    return "turned", 409


@views.get("/<name>")
def page(name: str) -> str:
    """Show a page."""
    if name == "turned":
        raise PageTurned(name)
    if name != "home":
        abort(404)
    return "home"


class Form(MethodView):
    """A form."""

    def get(self) -> str:
        """Show it."""
        return "form"

    def post(self) -> str:
        """Take it."""
        return request.form["field"]


views.add_url_rule("/form", view_func=Form.as_view("form"))
