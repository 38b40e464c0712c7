"""The settings of the guest book."""

SECRET_KEY = "for tests"
ALLOWED_HOSTS = ["testserver", "localhost"]
ROOT_URLCONF = "tests.codemods.audit.applications.django_app.urls"
MIDDLEWARE = ["tests.codemods.audit.applications.django_app.middleware.ErrorsAnswered"]
INSTALLED_APPS = ["rest_framework"]
DATABASES: dict[str, object] = {}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "tests.codemods.audit.applications.django_app.middleware.answer",
}
