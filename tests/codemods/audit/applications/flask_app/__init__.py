"""Notes over Flask."""

from __future__ import annotations

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import Conflict

from .notes import NoteLocked, NoteMissing, Notes, bad
from .views import views

QUOTA = 3


def create_app() -> Flask:
    """Make the application."""
    app = Flask(__name__)
    notes = Notes()

    @app.before_request
    def check_key() -> None:
        if request.headers.get("X-Key") == "wrong":
            abort(403)

    @app.errorhandler(NoteMissing)
    def missing(error: NoteMissing) -> tuple[Response, int]:
        return jsonify(detail=f"no note {error.args[0]}"), 404

    @app.errorhandler(NoteLocked)
    def locked(error: NoteLocked) -> tuple[dict[str, str], int]:
        return {"detail": "locked"}, 423

    @app.get("/notes/<int:number>")
    def show(number: int) -> dict[str, str]:
        return {"text": notes.read(number)}

    @app.route("/notes", methods=["POST"])
    def write() -> tuple[dict[str, int], int]:
        text = request.get_json()["text"]
        if len(notes.texts) >= QUOTA:
            raise Conflict("no more notes")
        return {"number": notes.write(text)}, 201

    @app.put("/notes/<int:number>")
    def change(number: int) -> dict[str, int] | tuple[dict[str, str], int]:
        body = request.get_json()
        if not isinstance(body, dict):
            return {"detail": "not an object"}, 422
        notes.change(number, body.get("text"))
        return {"number": number}

    app.register_blueprint(views, url_prefix="/pages")
    app.register_error_handler(*bad())
    return app
