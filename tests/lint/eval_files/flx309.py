"""FLX309: the value of a secret in a message."""

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE


class Refused(FlextExceptions.AuthenticationError):
    def __init__(self, user, password):
        super().__init__(f"{user}:{password} refused", user=user)  # FLX309: 35


def flagged(user, password, access_token, client, config, errors):
    raise FE.AuthenticationError(f"{user} with {password} refused")  # FLX309: 48
    raise FE.AuthenticationError(f"token {access_token!r} has expired")  # FLX309: 42
    raise FE.AuthenticationError(f"refused: {client.api_key}")  # FLX309: 45
    raise FE.AuthenticationError("refused: %s" % password)  # FLX309: 49
    raise FE.AuthenticationError("refused: %s, %s" % (user, password))  # FLX309: 60
    raise FE.AuthenticationError("refused: {}".format(password))  # FLX309: 54
    raise FE.AuthenticationError("refused: " + password)  # FLX309: 47
    raise FE.AuthenticationError(f"refused: {str(password)}")  # FLX309: 45
    raise FE.AuthenticationError(f"refused: {config['secret']}")  # FLX309: 45
    raise FE.AuthenticationError(message=f"refused: {password}")  # FLX309: 53
    errors.append(FE.AuthenticationError(f"refused: {password}"))  # FLX309: 53
    text = f"refused: {password}"  # FLX309: 23
    raise FE.AuthenticationError(text)


def silent(user, password, token, token_count, limit, log):
    raise FE.AuthenticationError(f"wrong password for {user}")  # silent: the word, not the value
    raise FE.AuthenticationError("Invalid JWT token")  # silent: a text
    raise FE.ValidationError(f"a password of {len(password)} characters")  # silent: its length
    raise FE.ValidationError(f"{token_count} of {limit} tokens")  # silent: a number
    raise FE.AuthenticationError(f"expired: {token.user}")  # silent: whose it is
    raise FE.AuthenticationError(f"refused: {mask(password)}")  # silent: what a function makes of it
    raise FE.AuthenticationError(f"refused: {password is None}")  # silent: whether it is there
    raise FE.AuthenticationError(f"refused: {user['token_id']}")  # silent: its id
    raise FE.AuthenticationError("refused", user=password)  # silent: no message; a keyword is for FLX303
    raise FE.AuthenticationError("refused", f"{password}")  # silent: not the message
    raise ValueError(f"refused: {password}")  # silent: a builtin, which FLX103 tells
    log.error(f"refused: {password}")  # silent: no error
    raise FE.AuthenticationError(password)  # silent: a message that may be anything
    text = "refused"
    raise FE.AuthenticationError(text)  # silent: a text
