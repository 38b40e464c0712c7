"""The routes of the library."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse

from flext_exceptions.web.asgi import ProblemMiddleware

from .errors import ReaderBanned
from .shelf import Shelf

app = FastAPI(title="Library")
app.add_middleware(ProblemMiddleware)
router = APIRouter(prefix="/books")
shelf = Shelf()


@app.exception_handler(ReaderBanned)
def banned(request: Request, error: ReaderBanned) -> JSONResponse:
    """Answer a reader who may not borrow."""
    return JSONResponse({"detail": f"{error.reader} may not borrow"}, status_code=403)


@app.exception_handler(LookupError)
def missing(request: Request, error: LookupError) -> JSONResponse:
    """Answer for what is not there."""
    return JSONResponse({"detail": str(error)}, status_code=410)


def reader(x_reader: Annotated[str, Header()] = "") -> str:
    """Return who asks."""
    if not x_reader:
        raise HTTPException(status_code=401, detail="say who you are")
    return x_reader


@router.get("/{number}")
def show(number: int) -> dict[str, str]:
    """Show a book."""
    return {"title": shelf.title(number)}


@router.post("/{number}/loan", status_code=201)
def lend(number: int, name: Annotated[str, Depends(reader)]) -> dict[str, int]:
    """Lend a book."""
    shelf.lend(number, name)
    return {"lent": number}


@router.delete("/{number}/loan")
async def take_back(number: int) -> dict[str, int]:
    """Take a book back."""
    shelf.take_back(number)
    return {"back": number}


@app.get("/health")
def health() -> dict[str, str]:
    """Say that all is well."""
    return {"status": "up"}


@app.get("/report")
def report(kind: str = "short") -> dict[str, str]:
    """Make a report; the long one nobody has written."""
    if kind == "long":
        raise RuntimeError("no long report")
    if kind == "odd":
        return JSONResponse({"detail": "odd"}, 418)
    return {"report": kind}


app.include_router(router, prefix="/api")
