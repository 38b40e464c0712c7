"""Entry points of each framework: which functions are entry points, under which name, and which are not."""

from __future__ import annotations

import pytest

from flext_analysis.entry_points import find_entry_points
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries.summarize import summarize


def found(*texts: str, **more: object) -> list[EntryPoint]:
    """Return the entry points of a project whose modules are m0, m1 and so on."""
    files = [(f"m{n}.py", f"m{n}", summarize(text.encode())) for n, text in enumerate(texts)]
    project = Project.whole(files)
    return find_entry_points(project, Hierarchy(project), **more)  # type: ignore[arg-type]


def names(*texts: str, **more: object) -> list[str]:
    """Return their names."""
    return [one.name for one in found(*texts, **more)]


FLASK = "from flask import Flask, Blueprint\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI, APIRouter, Depends\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FLASK + "@app.route('/a', methods=['GET', 'POST'])\ndef f(): ...", ["GET /a", "POST /a"]),
        (FLASK + "def f(): ...\napp.add_url_rule('/a', 'a', f)", ["GET /a"]),
        ("import flask\napp = flask.Flask(__name__)\n@app.get('/a')\ndef f(): ...", ["GET /a"]),
        (FLASK + "class App(Flask): ...\nown = App(__name__)\n@own.get('/a')\ndef f(): ...", ["GET /a"]),
        (
            FLASK
            + "b = Blueprint('b', __name__, url_prefix='/b')\n@b.get('/a')\ndef f(): ...\napp.register_blueprint(b)",
            ["GET /b/a"],
        ),
        (
            FLASK + "b = Blueprint('b', __name__)\n@b.get('/a')\ndef f(): ...\n"
            "app.register_blueprint(b, url_prefix='/x')\napp.register_blueprint(b, url_prefix='/y')",
            ["GET /x/a", "GET /y/a"],
        ),
        ("from flask import Flask\ndef routes(app: Flask):\n    @app.get('/a')\n    def f(): ...", ["GET /a"]),
        (
            "from flask import Flask\ndef make():\n    a = Flask('x')\n    return a\napp = make()\n@app.get('/a')\n"
            "def f(): ...",
            ["GET /a"],
        ),
        (FASTAPI + "@app.api_route('/a', methods=['PUT'])\ndef f(): ...", ["PUT /a"]),
        (
            FASTAPI + "r = APIRouter(prefix='/r')\n@r.get('/a')\ndef f(): ...\napp.include_router(r, prefix='/v1')",
            ["GET /v1/r/a"],
        ),
        (
            FASTAPI
            + "r, s = APIRouter(), APIRouter(prefix='/s')\n@s.get('')\ndef f(): ...\nr.include_router(s, prefix='/i')\n"
            "app.include_router(r, prefix='/o')",
            ["GET /o/i/s"],
        ),
        (
            "from starlette.applications import Starlette\nfrom starlette.routing import Route\ndef f(r): ...\n"
            "more = [Route('/b', f)]\napp = Starlette(routes=[Route('/a', f, methods=['POST']), *more])",
            ["GET /b", "POST /a"],
        ),
        (
            "from django.urls import path\ndef f(r): ...\nurlpatterns = [path('a/', f)]\n"
            "urlpatterns += [path('b/', f)]",
            ["ANY /a/", "ANY /b/"],
        ),
        ("from celery import Celery\napp = Celery('x')\n@app.task\ndef f(): ...", ["m0.f"]),
        ("import click\n@click.group()\ndef g(): ...\n@g.command('do')\ndef f(): ...", ["g", "g do"]),
        ("import click\n@click.command\ndef put_back(): ...", ["put-back"]),
        ("import typer\ndef f(): ...\ntyper.run(f)", ["f"]),
        ("def f(): ...\nif __name__ == '__main__':\n    f()", ["python -m m0"]),
        ("import pytest\ndef pytest_configure(config): ...", ["pytest_configure"]),
        (
            "import pytest\nclass Plugin:\n    @pytest.hookimpl(wrapper=True)\n    def pytest_runtest_call(self): ...",
            ["pytest_runtest_call"],
        ),
    ],
)
def test_an_entry_point_has_the_name_that_people_call_it(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "class App:\n    def get(self, path): ...\napp = App()\n@app.get('/a')\ndef f(): ...",
        "from flask import Flask\ncache = {}\n@cache.get('/a')\ndef f(): ...",
        "import click\n@click.option('--x')\ndef f(x): ...",
        "def task(f): ...\n@task\ndef f(): ...",
        "from celery import Celery\nclass Other:\n    def task(self, f): ...\nother = Other()\n@other.task\n"
        "def f(): ...",
        "def pytest_configure(): ...",
        "import requests\nrequests.get('/a')",
        "if __name__ == 'other':\n    print()",
        "urlpatterns = []",
        "from fastapi import FastAPI\nclass FastAPI2: ...\napp = FastAPI2()\n@app.get('/a')\ndef f(): ...",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert names(text) == []


def test_an_application_of_another_module_is_the_same_application() -> None:
    routes = "from m0 import app\n@app.get('/a')\ndef f(): ...\n"
    (one,) = found(FLASK + "@app.errorhandler(KeyError)\ndef on(e): return '', 404\n", routes)
    handler = one.application.handler_for(("builtins.KeyError", "builtins.LookupError"))
    assert handler is not None
    assert (handler.name, handler.statuses) == ("m0.py::on", (404,))


def test_a_handler_of_a_blueprint_is_asked_before_that_of_the_application() -> None:
    text = (
        FLASK + "@app.errorhandler(KeyError)\ndef on(e): return '', 404\n"
        "b = Blueprint('b', __name__)\n@b.errorhandler(KeyError)\ndef own(e): return '', 410\n"
        "@b.get('/a')\ndef f(): ...\n@app.get('/b')\ndef g(): ...\napp.register_blueprint(b)\n"
    )
    by_name = {one.name: one.application.handler_for(("builtins.KeyError",)) for one in found(text)}
    assert {name: handler.statuses for name, handler in by_name.items() if handler} == {
        "GET /a": (410,),
        "GET /b": (404,),
    }


def test_the_functions_that_a_route_depends_on_run_with_it() -> None:
    text = (
        FASTAPI + "def inner(): ...\ndef outer(x=Depends(inner)): ...\ndef every(): ...\n"
        "r = APIRouter(dependencies=[Depends(every)])\n@r.get('/a')\ndef f(x=Depends(outer)): ...\n"
        "app.include_router(r)\n"
    )
    (one,) = found(text)
    assert [each.scope.name for each in one.functions] == ["f", "every", "outer", "inner"]
    assert one.answers == ()


@pytest.mark.parametrize(
    ("parameter", "checked"),
    [("n: int", True), ("n=1", True), ("request: Request", False), ("", False), ("body: Body", True)],
)
def test_a_request_is_checked_where_the_route_reads_data_of_it(parameter: str, checked: bool) -> None:
    text = f"from fastapi import Request\n{FASTAPI}class Body: ...\n@app.post('/a')\ndef f({parameter}): ...\n"
    (one,) = found(text)
    assert [status for status, _ in one.answers] == ([422] if checked else [])


def test_a_problem_middleware_answers_typed_errors() -> None:
    text = (
        FLASK
        + "from flext_exceptions.web.wsgi import ProblemMiddleware\napp.wsgi_app = ProblemMiddleware(app.wsgi_app)\n"
        "@app.get('/a')\ndef f(): ...\n"
    )
    (one,) = found(text)
    assert [each.name for each in one.application.middlewares] == ["ProblemMiddleware"]


def test_console_scripts_lead_to_their_functions() -> None:
    (one,) = found("def run(): ...", scripts={"shop": "m0:run", "gone": "m9:run"})
    assert (one.name, [each.path for each in one.functions]) == ("shop", ["m0.run"])


def test_further_decorators_make_entry_points() -> None:
    text = "from bus import subscriber\n@subscriber('orders')\ndef f(): ...\n@subscriber\ndef g(): ...\ndef h(): ...\n"
    assert names(text, decorators=["bus.subscriber"]) == ["m0.f", "m0.g"]


def test_of_several_handlers_the_nearest_class_wins_whatever_their_order() -> None:
    lookup = "@app.errorhandler(LookupError)\ndef lookup(e): return '', 404\n"
    key = "@app.errorhandler(KeyError)\ndef key(e): return '', 410\n"
    lineage = ("builtins.KeyError", "builtins.LookupError", "builtins.Exception")
    for text in (lookup + key, key + lookup):
        (one,) = found(f"{FLASK}{text}@app.get('/a')\ndef f(): ...\n")
        handler = one.application.handler_for(lineage)
        assert handler is not None
        assert handler.statuses == (410,)
