"""What may leave each function, and the way it takes.

``analyse_escapes(project)`` returns an ``EscapeAnalysis``. Its questions:

* ``by_function()``: the classes that may leave each function, and whether the code itself raises them;
* ``errors_of(function)``: the same for one function, with the raise sites;
* ``explain(function, class)``: the way from the function to the raise, as steps;
* ``handlers()``, ``sites_reaching(path, place)``: which errors may reach a handler, from which raise sites;
* ``origins_of(path, place)``: which errors an expression such as ``type(e)`` reads, from which raise sites.

``OPEN`` stands for what is not known. Classes have the names that ``__module__`` and ``__qualname__`` give them.
Positions are those of flext_analysis.summaries.summary. Raise sites are only distinguished with ``sites=True``.
"""

from flext_analysis.escapes.analysis import NARROW, WIDE, EscapeAnalysis, analyse_escapes
from flext_analysis.escapes.propagation.errors import OPEN, RaisedError
from flext_analysis.escapes.propagation.witness import Step
from flext_analysis.escapes.values import Limits

__all__ = ["NARROW", "OPEN", "WIDE", "EscapeAnalysis", "Limits", "RaisedError", "Step", "analyse_escapes"]
