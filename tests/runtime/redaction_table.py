"""Names and texts that are secrets, and others that must stay readable, half of each.

    python -m tests.runtime.redaction_table

prints how many of what is hidden are secrets (precision) and how many of the secrets are hidden (recall). The secret of
every text is "hunter2", or stands beside the text.
"""

from __future__ import annotations

from flext_exceptions._internal.redaction import hidden, is_secret

SECRET_KEYS = """
password Password PASSWORD passwords password1 password2 password_1 passwordConfirm password_confirmation
password-again new_password oldPassword current_password user_password userPassword userpassword dbPassword
db_password db-password db.password DB_PASSWORD DBPASSWORD database_password POSTGRES_PASSWORD MYSQL_ROOT_PASSWORD
spring.datasource.password user[password] form[user][password] user.password password_hash passwordHash
hashed_password password_digest password_salt encrypted_password password_plain passwd passwds root_passwd db_passwd
pwd db_pwd mysql_pwd pwd1 pw user_pw pass db_pass smtp_pass passphrase ssh_passphrase passPhrase passcode pass_word
pass-phrase htpasswd secret secrets SECRET secret_key SECRET_KEY secretKey secretkey SECRET_KEY_BASE django_secret_key
client_secret clientSecret clientsecret app_secret webhook_secret shared_secret secret_id secret_token secret_value
secret_access_key AWS_SECRET_ACCESS_KEY aws_secret_key access_key access_keys accessKey AZURE_STORAGE_KEY
storage_account_key account_key private_key privateKey private_keys PRIVATE-KEY rsa_private_key ssh_private_key
ssh_key signing_key encryption_key master_key api_key api_keys apiKey apikey APIKEY APIKeys X-Api-Key x_api_key
my_apikey myAPIKey stripe_api_key google_api_keys api_key_1 openai.api.key token tokens Token accessToken access_token
AccessTokens refresh_token id_token auth_token authToken authtoken bearer_token bearerToken HTTPToken csrf_token
csrfToken csrfmiddlewaretoken X-CSRF-Token xsrf_token oauth_token oauth2_token reset_token session_token github_token
GITHUB_TOKEN slackToken token_value jwt jwts user_jwt bearer authorization Authorization Proxy-Authorization
HTTP_AUTHORIZATION authorization_header authorization_code auth basic_auth proxyAuth cookie cookies Cookie Set-Cookie
session_cookie cookie_header HTTP_COOKIE DJANGO_SUPERUSER_PASSWORD RABBITMQ_DEFAULT_PASS GF_SECURITY_ADMIN_PASSWORD
MINIO_ROOT_PASSWORD SLACK_SIGNING_SECRET TWILIO_AUTH_TOKEN STRIPE_WEBHOOK_SECRET DD_API_KEY NEW_RELIC_LICENSE_KEY
NPM_TOKEN TWINE_PASSWORD CI_JOB_TOKEN AWS_SESSION_TOKEN AZURE_STORAGE_CONNECTION_STRING HF_TOKEN SSH_PRIVATE_KEY
X-Auth-Token X-Amz-Security-Token X-Vault-Token PRIVATE-TOKEN X-Goog-Api-Key Ocp-Apim-Subscription-Key X-Amz-Signature
deviceToken consumerSecret privateKeyPem hmacKey cookieSecret plainPassword passwordRepeat connect.sid laravel_session
sessid remember_token SharedAccessKey sas_token keystorePassword ldap_bind_pw PGPASSWORD MYSQL_PWD
credential credentials aws_credentials userCredentials credentials_json
session_id sessionId sessionid SESSION-ID session_ids session_key PHPSESSID JSESSIONID sid otp otp_code_otp totp cvv
cvc card_cvc security_code recovery_codes backup_code connection_string connectionString
""".split()

OPEN_KEYS = """
author authors authority authored authorized is_authorized authorize unauthorized coauthor author_id author_name
authentic authenticated authentication authenticator auth_method auth_type auth_url auth_provider tokenizer tokenize
tokenized tokenizers tokenization token_count token_type token_limit token_url token_endpoint token_id max_tokens
total_tokens prompt_tokens completion_tokens input_tokens output_tokens num_tokens token_expiry token_ttl token_usage
token_name has_token is_token_valid use_token token_index passenger passengers passage passed passing passive passion
passport pass_rate pass_count passwordless bypass compass compassion trespass encompass boarding_passes
password_length password_policy password_min_length password_strength password_required password_changed_at
has_password is_password password_file password_field password_expires_at requires_password password_url
password_attempts password_validators secretary secretariat secretly secretion secret_name secret_version secret_count
secret_path monkey key keys keyboard keynote keyword keywords turkey donkey hockey jockey whiskey primary_key
foreign_key public_key publicKey key_id key_name sort_key partition_key cache_key access_key_id api_key_id
api_key_name registry_keys cookie_name cookie_domain cookiecutter cookie_policy cookie_consent cookbook rookie session
sessions session_name session_count session_length obsession accession credit credible accredited credential_type
credential_id incredible user username user_id email name first_name address phone sku quantity price currency total
status status_code method url path host port service endpoint operation reason description message title category
http_status retry_after correlation_id request_id trace_id span_id timestamp created_at updated_at version environment
region zone field value config_key config_file resource_id resource_type business_rule timeout_seconds expected_type
actual_type hash checksum digest certificate fingerprint max_new_tokens tokens_total
tokens_per_second cached_tokens reasoning_tokens prompt_tokens_details cookie_banner cookies_accepted cookies_enabled
password_hint_question secret_arn idempotency_key Idempotency-Key routing_key row_key i18n_key s3_key keyspace hotkey
ssh_public_key session_duration session_state is_password_set pass_through passport_country passed_tests authn_type
authored_by access_level accessed_at jwt_algorithm jwks_uri csrf_enabled grant_type client_id signature_algorithm
saltwater barer otp_length sidebar sidecar resident cvss_score credit_card_type X-Forwarded-For ETag
permission required_permission role basic basics basin basil
pin_color opinion spinning topic
""".split()

SECRET_TEXTS = [
    "postgresql://shop:hunter2@db/orders",
    "postgresql+asyncpg://shop:hunter2@db.internal:5432/orders?ssl=require",
    "cannot reach mysql://root:hunter2@127.0.0.1/shop: timed out",
    "redis://:hunter2@cache:6379/0",
    "amqp://guest:hunter2@rabbit//",
    "https://ada:hunter2@shop.example/a?page=2",
    "mongodb+srv://ada:p%40hunter2@cluster0.example.net/test",
    "see https://x:hunter2@github.com/o/r.git and https://docs.example/",
    "ftp://ada:p@hunter2@files/a",
    "host=db user=shop password=hunter2 dbname=orders",
    "host=db password='hunter2' dbname=orders",
    "Server=db;Database=orders;User Id=sa;Password=hunter2;",
    "Server=db;Uid=sa;Pwd=hunter2;Encrypt=yes",
    "DRIVER={SQL};UID=sa;PWD={hunter2};",
    "Authorization: Bearer hunter2",
    "Authorization: Basic hunter2",
    "authorization: hunter2",
    "Proxy-Authorization: Basic hunter2==",
    "GET / HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer hunter2\r\n\r\n",
    "Cookie: sid=hunter2; theme=dark",
    "Set-Cookie: session_id=hunter2; Path=/",
    "X-Api-Key: hunter2",
    "curl -H 'Authorization: Bearer hunter2' https://shop.example",
    'curl -H "X-Api-Key: hunter2" https://shop.example',
    "the request had Bearer hunter2 in it",
    "sent Basic aHVudGVyMg==hunter2",
    "mysql --password=hunter2 -u root",
    "mysql --password hunter2 -u root",
    "deploy --token=hunter2",
    "deploy --api-key hunter2 --region eu",
    "PGPASSWORD=hunter2 psql -h db",
    "env: AWS_SECRET_ACCESS_KEY=hunter2",
    "export GITHUB_TOKEN='hunter2'",
    '{"password": "hunter2"}',
    '{"user": "ada", "password":"hunter2", "age": 3}',
    '{"login": {"apiKey": "hunter2"}}',
    '{"tokens": ["hunter2", "x"]}',
    '{"a": "{\\"password\\": \\"hunter2\\"}"}',
    '[{"access_token": "hunter2"}',
    '{"password": "a\\"hunter2"}',
    "{'password': 'hunter2'}",
    "{b'authorization': b'hunter2'}",
    "Login(user='ada', password='hunter2')",
    "Settings(db_password=SecretStr('hunter2'))",
    "[('Authorization', 'Bearer hunter2')]",
    "ItemsView([('password', 'hunter2')])",
    "/login?user=ada&password=hunter2",
    "https://shop.example/cb?code=1&access_token=hunter2#top",
    "client_secret=hunter2&grant_type=x",
    "password = hunter2",
    "password: hunter2",
    "  db_password: hunter2\n  host: db",
    "invalid password: hunter2",
    "secret_key => 'hunter2'",
    "token=hunter2",
    "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9hunter2.eyJzdWIiOiIxIn0.c2ln",
    "ghp_hunter2hunter2hunter2hunter2hunter2",
    "sk_live_hunter2hunter2hunter2",
    "glpat-hunter2hunter2hunter2",
    "pypi-hunter2hunter2hunter2",
    "npm_hunter2hunter2hunter2hunter2",
    "shpat_hunter2hunter2hunter2hunter2",
    "SG.hunter2hunter2hunter2.hunter2hunter2hunter2",
    "https://api.telegram.org/bot123456:hunter2hunter2hunter2/sendMessage",
    "https://hooks.slack.com/services/T000/B000/hunter2hunter2",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nhunter2\n-----END PGP PRIVATE KEY BLOCK-----",
    "https://abc123hunter2@o1.ingest.sentry.example/1",
    "jdbc:oracle:thin:scott/hunter2@db:1521:shop",
    "jdbc:postgresql://db/shop?user=ada&password=hunter2",
    "AccountName=a;AccountKey=hunter2==;EndpointSuffix=core.example",
    "Endpoint=sb://x/;SharedAccessKeyName=k;SharedAccessKey=hunter2=",
    "https://store.example/c?sv=2020&sig=hunter2%3D",
    "https://store.example/k?X-Amz-Signature=hunter2&X-Amz-Date=1",
    "curl -u ada:hunter2 https://shop.example",
    "X-Vault-Token: hunter2",
    "Cookie: theme=dark; seen=hunter2; a=b",
    'Authorization: Digest username="ada", realm="shop", response="hunter2"',
    "Authorization: AWS4-HMAC-SHA256 Credential=AK/x, SignedHeaders=host, Signature=hunter2",
    "<login><user>ada</user><password>hunter2</password></login>",
    "export DB_PASS=hunter2",
]

OPEN_TEXTS = [
    "https://shop.example/a?page=2",
    "https://shop.example:8443/a/b",
    "postgresql://db/orders",
    "postgresql://shop@db/orders",
    "mailto:user@example.org",
    "ada@example.org",
    "12:30",
    "12:30:59.123",
    "a=1&b=2",
    "x=1; y=2",
    "the author: nobody",
    "author=Ada",
    "unexpected token: end of file",
    "invalid token: expected ')'",
    "the password is wrong",
    "password too short: at least 8 characters",
    "password must not be empty",
    "Your password has expired, please change it",
    "no password given",
    "token expired",
    "the token is not valid yet",
    "secret not found",
    "a cookie was rejected",
    "cookies are disabled in this browser",
    "Basic authentication is not supported",
    "Bearer authentication required",
    "the bearer of this letter",
    "authorization failed",
    "authorization is missing",
    "no such user: ada",
    "field required",
    "value is not a valid integer",
    "KeyError: 'name'",
    "ValueError('the password is wrong')",
    "<Response [404]>",
    "Order(sku='A-1', quantity=3)",
    '{"user": "ada", "page": 2}',
    '{"token_count": 15}',
    "{'max_tokens': 4096}",
    "token_type=bearer",
    "max_tokens=100",
    "GET /orders/7 HTTP/1.1",
    "Content-Type: application/json",
    "Host: shop.example",
    "X-Request-ID: 7f3a",
    "--page=2 --verbose",
    "--user ada",
    "pip install --upgrade requests",
    "C:\\Users\\ada\\file.txt",
    "/etc/secrets/db.txt",
    "2026-11-29T01:02:03+00:00",
    "sha256:9f86d081884c7d65",
    "::1",
    "fe80::1%eth0",
    "def login(user, password): ...",
    "if password == stored:",
    "password=None",
    "has_password=True",
    "compass: north",
    "monkey=patched",
    "the keyboard: qwerty",
    "1 secretary: 2 assistants",
    "connect to db:5432 failed",
    "[Errno 2] No such file or directory: 'a.txt'",
    "UPDATE users SET password = ? WHERE id = ?",
    "INSERT INTO logins (token) VALUES (%s)",
    "def login(token: str, password: str) -> None",
    "password: Optional[str] = None",
    "password=********",
    "csrf: missing",
    "cookies: off",
    "unexpected token '}' at line 3",
    "missing key 'api_key'",
    "login() got an unexpected keyword argument 'password'",
    "usage: {'prompt_tokens': 10, 'completion_tokens': 5}",
    "docker run -u 1000:1000 shop",
    "git@github.com:o/r.git",
    "https://ada@shop.example/",
    "<user>ada</user>",
    "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
    "/bottom/shelf",
    "ship_v1_beta",
]


def shows(text: str) -> bool:
    """Whether the secret of a text is to be seen."""
    return "hunter2" in hidden(text)


def main() -> int:
    """Print precision and recall; 1 where one is below 1."""
    kept_back = [key for key in SECRET_KEYS if not is_secret(key)]
    too_many = [key for key in OPEN_KEYS if is_secret(key)]
    shown = [text for text in SECRET_TEXTS if shows(text)]
    spoilt = [text for text in OPEN_TEXTS if hidden(text) != text]
    for what, missed, false, secret, clear in (
        ("names", kept_back, too_many, SECRET_KEYS, OPEN_KEYS),
        ("texts", shown, spoilt, SECRET_TEXTS, OPEN_TEXTS),
    ):
        found = len(secret) - len(missed)
        precision, recall = found / max(found + len(false), 1), found / len(secret)
        print(f"{len(secret) + len(clear)} {what}: precision {precision:.3f}, recall {recall:.3f}")
        for each in missed:
            print(f"  shown: {each!r}")
        for each in false:
            print(f"  hidden: {each!r}")
    return int(bool(kept_back or too_many or shown or spoilt))


if __name__ == "__main__":
    raise SystemExit(main())
