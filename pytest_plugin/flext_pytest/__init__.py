"""What tests say of typed errors."""

from flext_pytest.raises import flext_raises

__all__ = ["flext_raises"]
