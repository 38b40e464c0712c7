"""What an editor shows for the position under the cursor."""

from flext_lint.hover.function_errors import function_errors
from flext_lint.hover.text import hover_text

__all__ = ["function_errors", "hover_text"]
