"""What may leave each function, and the way it takes.

``analyse_escapes(project)`` gives an ``EscapeAnalysis``; see its methods.
"""

from flext_analysis.escapes.analysis import NARROW, WIDE, EscapeAnalysis, analyse_escapes
from flext_analysis.escapes.errors import OPEN
from flext_analysis.escapes.values import Limits

__all__ = ["NARROW", "OPEN", "WIDE", "EscapeAnalysis", "Limits", "analyse_escapes"]
