"""The current settings: one immutable snapshot, replaced as a whole, so that no thread sees half a change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Watchers = tuple[Callable[[Any], object], ...]  # each takes an error of the library

MESSAGE_ALONE = "{message}"

DEFAULTS: dict[str, object] = {
    "environment": "development",
    "log_level": "WARNING",
    "validation_level": "normal",
    "enable_metrics": True,
    "enable_stack_traces": True,
    "max_error_details": 1000,
    "error_correlation_enabled": True,
    "str_format": MESSAGE_ALONE,
    "traceback_details": False,
    # Whole words, as flext_exceptions._internal.redaction.is_secret reads them; the short ones count at the end only.
    "redact_keys": tuple(
        "password passwd passphrase passcode pwd pass pw secret credential token cookie authorization auth jwt bearer "
        "api_key access_key private_key secret_key signing_key encryption_key master_key account_key storage_key "
        "shared_key session_key ssh_key host_key deploy_key license_key service_key client_key subscription_key "
        "hmac_key session_id sessionid sessid laravel_session phpsessid jsessionid sid csrf xsrf otp totp cvv cvc "
        "security_code one_time_code recovery_code backup_code authorization_code connection_string sig "
        "amz_signature htpasswd".split()
    ),
}


class Settings:
    """One snapshot. It is read for every error that is constructed, hence plain attributes; nobody assigns to them."""

    environment: str
    log_level: str
    validation_level: str
    enable_metrics: bool
    enable_stack_traces: bool
    max_error_details: int
    error_correlation_enabled: bool
    str_format: str
    traceback_details: bool
    redact_keys: tuple[str, ...]

    watchers: Watchers

    __slots__ = (*DEFAULTS, "strict", "watches_misuse", "formats", "usual", "watchers")

    def __init__(self, values: dict[str, object], watchers: Watchers = ()) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.strict = self.validation_level == "strict"
        self.watches_misuse = self.validation_level in ("strict", "normal")
        self.watchers = watchers
        self.usual = self.enable_metrics and not self.traceback_details and not watchers
        self.formats = self.str_format != MESSAGE_ALONE

    def values(self) -> dict[str, object]:
        """The settings as configured, by key."""
        return {name: getattr(self, name) for name in DEFAULTS}


current = Settings(DEFAULTS)
